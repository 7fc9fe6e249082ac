"""The parts of the documentation that are made of the program, in English and in Chinese.

`docs/reference/*.md` are made of schema.json. So is, in other pages, what stands between
`<!-- generated: … -->` and `<!-- end -->`, or it is made of the vendors' tables of error codes with the
vendors' own words from `docs/words.yaml`. Chinese comes from `docs/zh/translations.yaml`; a sentence that is
not there is an error.

`python scripts/reference.py` writes all of it.
"""

from __future__ import annotations

import functools
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from voiceclone_provider.core.errors import (
    CredentialsError,
    HandleTakenError,
    NotFoundError,
    PermanentError,
    RefusedError,
    SampleRefusedError,
    TemporaryError,
    ThrottledError,
    VoiceError,
)
from voiceclone_provider.vendors.coze import wire as coze
from voiceclone_provider.vendors.kling import wire as kling
from voiceclone_provider.vendors.qiniu import client as qiniu
from voiceclone_provider.vendors.volcengine import wire as volcengine
from voiceclone_provider.vendors.volcengine import wire_v3

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
CHINESE = DOCS / "zh"
VENDORS = ("volcengine", "coze", "qiniu", "kling")

Translate = Callable[[str], str]
Spec = Mapping[str, Any]
Row = tuple[str, str, str, Callable[..., VoiceError]]

_BLOCK = re.compile(r"(?<=<!-- generated: )(\w+)(?: (\w+))?( -->\n).*?(?=<!-- end -->)", re.DOTALL)
_DEFAULT = re.compile(r"\s*Default: ((?:`[^`]*`|[^.`])*)\.")
_SENTENCE = re.compile(r"(?<=\.) +(?=[A-Z0-9`])")


class UntranslatedError(Exception):
    """What `docs/zh/translations.yaml` or `docs/words.yaml` lacks."""


@functools.cache
def _yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


@functools.cache
def schema() -> Spec:
    loaded: Spec = json.loads((ROOT / "schema.json").read_text("utf-8"))
    return loaded


def english(text: str) -> str:
    return text


def chinese(text: str) -> str:
    """A text in Chinese, sentence by sentence."""
    known = _yaml(CHINESE / "translations.yaml")
    sentences = _SENTENCE.split(text)
    if missing := [sentence for sentence in sentences if sentence not in known]:
        raise UntranslatedError(f"docs/zh/translations.yaml has no Chinese for: {missing[0]}")
    return "".join(str(known[sentence]) for sentence in sentences)


# -- tables --------------------------------------------------------------------------------------------------


def _table(head: list[str], rows: list[list[str]], t: Translate) -> str:
    lines = [[t(cell) for cell in head], ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(cell.replace("\n", " ") for cell in line) + " |\n" for line in lines)


def _about(spec: Spec, t: Translate) -> tuple[str, str]:
    """A description without its default, and the default."""
    text = str(spec.get("description") or "").partition("{{% examples %}}")[0].strip()
    found = _DEFAULT.search(text)
    default = found[1] if found else ""
    if found:
        text = f"{text[: found.start()]}{text[found.end() :]}".strip()
    if default and not re.fullmatch(r"`[^`]*`", default):
        default = t(default)
    return t(text) if text else "", default


def configuration(_: str, t: Translate) -> str:
    """Every configuration key."""
    rows = []
    for name, spec in schema()["config"]["variables"].items():
        what, default = _about(spec, t)
        (variable,) = spec["defaultInfo"]["environment"]
        secret = t("secret") if spec.get("secret") else ""
        rows.append([f"`{name}`", f"`{variable}`", secret, default, what])
    return _table(["key", "environment variable", "secret", "default", "what"], rows, t)


# -- errors --------------------------------------------------------------------------------------------------

OUTCOMES: Mapping[type, str] = {
    ThrottledError: "waits and tries again",
    TemporaryError: "tries again where nothing can have happened",
    SampleRefusedError: "stops; this sample is not sent again",
    CredentialsError: "stops; nothing is taken for deleted",
    NotFoundError: "a refresh may find the voice gone",
    HandleTakenError: "stops",
    RefusedError: "stops, or forgets the voice with `deletionPolicy: retain`",
    PermanentError: "stops",
}


def _outcome(make: Callable[..., VoiceError]) -> str:
    return next(OUTCOMES[kind] for kind in type(make("")).__mro__ if kind in OUTCOMES)


def _verdicts(table: Mapping[Any, Any]) -> Iterator[tuple[Any, str, Callable[..., VoiceError]]]:
    for code, (make, advice) in table.items():
        yield code, advice, make


def _volcengine() -> Iterator[Row]:
    own = {code for code, _, _ in _verdicts(wire_v3.OWN_ERRORS)}
    for code, advice, error in _verdicts(volcengine.ERRORS):
        if code == volcengine.NOT_GRANTED:
            yield f"`{code}` (V1)", str(code), advice, error
            continue
        v3 = "" if wire_v3.V1 + code in own else f", `{wire_v3.V1 + code}`"
        yield f"`{code}`{v3}", str(code), advice, error
    for code, advice, error in _verdicts(wire_v3.OWN_ERRORS):
        yield f"`{code}` (V3)", str(code), advice, error
    for code, advice, error in _verdicts(volcengine.STATUS_ERRORS):
        yield f"HTTP {code} (V1)", "", advice, error
    for code, advice, error in _verdicts(wire_v3.STATUS_ERRORS):
        yield f"HTTP {code} (V3)", "", advice, error
    for code, advice, error in _verdicts(volcengine.CONSOLE_ERRORS):
        yield f"`{code}`", code, advice, error
    for code, advice, error in _verdicts(volcengine.CONSOLE_STATUS_ERRORS):
        yield f"HTTP {code} (console)", "", advice, error


def _coze() -> Iterator[Row]:
    for table, http in ((coze.ERRORS, ""), (coze.STATUS_ERRORS, "HTTP ")):
        for code, advice, error in _verdicts(table):
            told = advice.format(permission="`createVoice` / `listVoice`", plan="")
            yield f"HTTP {code}" if http else f"`{code}`", "" if http else str(code), told, error


def _qiniu() -> Iterator[Row]:
    for code, advice, error in _verdicts(qiniu.ERRORS):
        yield f"`{code}`", str(code), advice, error
    for (operation, code), advice, error in _verdicts(qiniu.ERRORS_OF):
        yield f"`{code}` ({operation})", f"{operation} {code}", advice, error


def _kling() -> Iterator[Row]:
    for code, advice, error in _verdicts(kling.ERRORS):
        yield f"`{code}`", str(code), advice, error
    for (operation, code), advice, error in _verdicts(kling.ERRORS_OF):
        yield f"`{code}` ({operation})", str(code), advice, error
    for phrase in kling.PHRASES:
        codes = ", ".join(f"`{code}`" for code in sorted(phrase.codes))
        error, advice = phrase.verdict
        yield f"{codes} ({', '.join(sorted(phrase.operations))})", f"“{phrase.words[-1][0]}…”", advice, error
    for code, advice, error in _verdicts(kling.STATUS_ERRORS):
        yield f"HTTP {code}", "", advice, error


ERRORS: Mapping[str, Callable[[], Iterator[Row]]] = {
    "volcengine": _volcengine,
    "coze": _coze,
    "qiniu": _qiniu,
    "kling": _kling,
}


def errors(vendor: str, t: Translate) -> str:
    """Every code that the provider knows of a vendor: its words, what to do, and what the provider does."""
    words = {str(code): text for code, text in _yaml(DOCS / "words.yaml")[vendor].items()}
    rows = []
    for shown, code, advice, error in ERRORS[vendor]():
        if code and not code.startswith("“") and code not in words:
            raise UntranslatedError(f"docs/words.yaml has no words of {vendor} for {code}")
        told = words.get(code, code if code.startswith("“") else "")
        rows.append([shown, told, t(advice), t(_outcome(error))])
    return _table(["code", "the vendor's words", "what to do", "the provider"], rows, t)


# -- the example in all languages ----------------------------------------------------------------------------

_YAML = """name: narrator
runtime: yaml
packages:
  voiceclone: /path/to/voiceclone
resources:
  narrator:
    type: voiceclone:coze:Voice
    properties:
      audio: { fn::fileAsset: ./narrator.mp3 }
      language: en
  speaker: # keeps a value in the stack's state; put your own resource in its place
    type: pulumi:index:Stash
    properties:
      input: ${narrator.voiceId}
outputs:
  voiceId: ${speaker.output}
"""
_PYTHON = """import pulumi
from PACKAGE import coze

narrator = coze.Voice("narrator", audio=pulumi.FileAsset("./narrator.mp3"), language="en")
# Keeps a value in the stack's state; put your own resource in its place.
speaker = pulumi.Stash("speaker", input=narrator.voice_id)

pulumi.export("voiceId", speaker.output)
"""
_TYPESCRIPT = """import * as pulumi from "@pulumi/pulumi";
import * as voiceclone from "PACKAGE";

const narrator = new voiceclone.coze.Voice("narrator", {
    audio: new pulumi.asset.FileAsset("./narrator.mp3"),
    language: "en",
});
// Keeps a value in the stack's state; put your own resource in its place.
const speaker = new pulumi.Stash("speaker", { input: narrator.voiceId });

export const voiceId = speaker.output;
"""
_GO = """package main

import (
	"PACKAGE/coze"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		narrator, err := coze.NewVoice(ctx, "narrator", &coze.VoiceArgs{
			Audio:    pulumi.NewFileAsset("./narrator.mp3"),
			Language: pulumi.String("en"),
		})
		if err != nil {
			return err
		}
		// Keeps a value in the stack's state; put your own resource in its place.
		speaker, err := pulumi.NewStash(ctx, "speaker", &pulumi.StashArgs{Input: narrator.VoiceId})
		if err != nil {
			return err
		}
		ctx.Export("voiceId", speaker.Output)
		return nil
	})
}
"""


_CONVERTED = DOCS / "examples" / "coze" / "Voice"
"""The schema's example of a voice and a function that takes its ID; Pulumi wrote it in these languages."""


def programs() -> dict[str, tuple[str, str]]:
    """The example in each language, and the name of its file. Packages are called as the schema says."""
    told = schema().get("language") or {}
    python = told.get("python", {}).get("packageName", "pulumi_voiceclone")
    node = told.get("nodejs", {}).get("packageName", "@pulumi/voiceclone")
    go = told.get("go", {}).get("importBasePath", "example.com/pulumi-voiceclone/sdk/go/voiceclone")
    return {
        "typescript": ("index.ts", _TYPESCRIPT.replace("PACKAGE", node)),
        "python": ("__main__.py", _PYTHON.replace("PACKAGE", python)),
        "go": ("main.go", _GO.replace("PACKAGE", go)),
        "csharp": ("Program.cs", (_CONVERTED / "recording.cs").read_text("utf-8")),
        "java": ("App.java", (_CONVERTED / "recording.java").read_text("utf-8")),
        "yaml": ("Pulumi.yaml", _YAML),
    }


def example(_: str, t: Translate) -> str:
    """The example, in the tabs of Pulumi's Registry."""
    made = programs()
    tabs = [
        f"{{{{% choosable language {language} %}}}}\n\n```{language}\n{text}```\n\n{{{{% /choosable %}}}}\n"
        for language, (_, text) in made.items()
    ]
    return f'{{{{< chooser language "{",".join(made)}" >}}}}\n\n{"".join(tabs)}\n{{{{< /chooser >}}}}\n'


BLOCKS: Mapping[str, Callable[[str, Translate], str]] = {
    "configuration": configuration,
    "errors": errors,
    "example": example,
}


# -- reference -----------------------------------------------------------------------------------------------


def _type(spec: Spec, vendor: str, t: Translate) -> str:
    if "oneOf" in spec:
        return " | ".join(dict.fromkeys(_type(one, vendor, t) for one in spec["oneOf"] if "$ref" in one))
    reference = str(spec.get("$ref") or "")
    if reference.startswith("#/types/"):
        _, module, name = reference.removeprefix("#/types/").split(":")
        page = "" if module == vendor else "shared.md" if module == "index" else f"{module}.md"
        return f"[`{name}`]({page}#{name.lower()})"
    if reference:
        return t({"pulumi.json#/Asset": "asset", "pulumi.json#/Any": "anything"}[reference])
    if spec["type"] == "array":
        return f"{t('list of')} {_type(spec['items'], vendor, t)}"
    if spec["type"] == "object":
        return t("map")
    return t(str(spec["type"]))


def _properties(properties: Spec, vendor: str, required: list[str], t: Translate, *, given: bool) -> str:
    rows = []
    for name, spec in properties.items():
        what, default = _about(spec, t)
        if name in required:
            default = t("required") if given else t("always")
        if spec.get("secret"):
            what = f"{what} {t('Secret.')}".strip()
        rows.append([f"`{name}`", _type(spec, vendor, t), default, what])
    return _table(["property", "type", "default" if given else "there", "what"], rows, t)


def _resource(vendor: str, spec: Spec, t: Translate) -> str:
    inputs = spec["inputProperties"]
    outputs = {name: one for name, one in spec["properties"].items() if name not in inputs}
    given = _properties(inputs, vendor, spec.get("requiredInputs", []), t, given=True)
    shown = _properties(outputs, vendor, spec.get("required", []), t, given=False)
    return (
        f"## Voice\n\n`voiceclone:{vendor}:Voice`\n\n{_about(spec, t)[0]}\n\n"
        f"### {t('Inputs')}\n\n{given}\n"
        f"### {t('Outputs')}\n\n{t('All inputs, and these.')}\n\n{shown}\n"
    )


def _function(vendor: str, name: str, spec: Spec, t: Translate) -> str:
    takes, gives = spec["inputs"], spec["outputs"]
    given = _properties(takes["properties"], vendor, takes.get("required", []), t, given=True)
    shown = _properties(gives["properties"], vendor, gives.get("required", []), t, given=False)
    return (
        f"## {name}\n\n`voiceclone:{vendor}:{name}`\n\n{_about(spec, t)[0]}\n\n"
        f"### {t('Arguments')}\n\n{given}\n### {t('Result')}\n\n{shown}\n"
    )


def _types(vendor: str, t: Translate) -> str:
    parts = []
    for token, spec in schema()["types"].items():
        _, module, name = token.split(":")
        if module != vendor:
            continue
        if "enum" in spec:
            rows = [[f"`{one['value']}`", _about(one, t)[0]] for one in spec["enum"]]
            table = _table(["value", "what"], rows, t)
        else:
            table = _properties(spec["properties"], vendor, spec.get("required", []), t, given=False)
        parts.append(f"### {name}\n\n{_about(spec, t)[0]}\n\n{table}\n")
    return f"## {t('Types')}\n\n" + "".join(parts) if parts else ""


def reference(t: Translate) -> dict[str, str]:
    """The pages of the reference, by file name."""
    note = f"<!-- {t('Written by scripts/reference.py from schema.json.')} -->\n\n"
    pages = {}
    for vendor in VENDORS:
        text = f"# {vendor.capitalize()}\n\n{note}{t('Names are as in YAML and TypeScript.')}\n\n"
        text += _resource(vendor, schema()["resources"][f"voiceclone:{vendor}:Voice"], t)
        for token, spec in schema()["functions"].items():
            _, module, name = token.split(":")
            if module == vendor:
                text += _function(vendor, name, spec, t)
        pages[f"{vendor}.md"] = text + _types(vendor, t)
    pages["shared.md"] = f"# {t('Types of all vendors')}\n\n{note}" + _types("index", t)
    return {name: f"{text.strip()}\n" for name, text in pages.items()}


# -- all of it -----------------------------------------------------------------------------------------------


def filled(text: str, t: Translate) -> str:
    """A page with its generated blocks as they should be."""
    return _BLOCK.sub(
        lambda found: (
            found[1] + (f" {found[2]}" if found[2] else "") + found[3] + BLOCKS[found[1]](found[2] or "", t)
        ),
        text,
    )


def wanted() -> dict[Path, str]:
    """Every file with something generated, and what it should hold."""
    files = {DOCS / "reference" / name: text for name, text in reference(english).items()}
    files |= {CHINESE / "reference" / name: text for name, text in reference(chinese).items()}
    for page in [ROOT / "README.md", ROOT / "README.zh-CN.md", *sorted(DOCS.rglob("*.md"))]:
        if page not in files and page.exists() and "<!-- generated: " in (text := page.read_text("utf-8")):
            files[page] = filled(
                text, chinese if CHINESE in page.parents or page.name == "README.zh-CN.md" else english
            )
    return files


def main() -> int:
    try:
        files = wanted()
    except UntranslatedError as missing:
        print(missing, file=sys.stderr)
        return 1
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

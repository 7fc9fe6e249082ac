"""The page of all voices: what it says of each, the recordings, and the folder that it is written to."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from command_line import run
from memory_vendor import FLAVOURS, World
from stack import account

from voiceclone_provider.account.config import ProviderConfig
from voiceclone_provider.cli.catalogue import command, commits, page, sounds, words
from voiceclone_provider.cli.catalogue.commits import Commits
from voiceclone_provider.cli.catalogue.consents import Consents
from voiceclone_provider.cli.catalogue.entries import Entry, Source, consents_for, document
from voiceclone_provider.cli.catalogue.folder import MANIFEST, Folder
from voiceclone_provider.cli.catalogue.previews import Answer, ask, heard
from voiceclone_provider.cli.catalogue.samples import Samples
from voiceclone_provider.cli.catalogue.sounds import Sound
from voiceclone_provider.cli.stacks import State, Voice
from voiceclone_provider.core import content
from voiceclone_provider.core.errors import PermanentError, TemporaryError
from voiceclone_provider.plugin.codec import SECRET, SIGNATURE
from voiceclone_provider.vendors import VENDORS
from voiceclone_provider.vendors.base import Observation, Status
from voiceclone_provider.vendors.models import VendorConfig

ROOT = Path(__file__).resolve().parents[2]
RECORDING = (ROOT / "examples/voices/host-en.mp3").read_bytes()
SHA256 = hashlib.sha256(RECORDING).hexdigest()
SIGNED = "https://media.example:444/preview/a.mp3?x-expires=1&x-signature=abcdef0123456789"
CONFIG = ProviderConfig({key: VendorConfig() for key in FLAVOURS})
HOSTILE = "</script><script>document.title='run'</script>\u2028"


def secret(value: Any) -> dict[str, Any]:
    return {SIGNATURE: SECRET, "plaintext": json.dumps(value)}


def resource(vendor: str, name: str, **more: Any) -> dict[str, Any]:
    kind = f"voiceclone:{vendor}:Voice"
    outputs = {"voiceId": f"id-{name}", "status": "Ready", "trainedOn": "a hash", **more.pop("outputs", {})}
    urn = f"urn:pulumi:dev::shop::{kind}::{name}"
    return {"urn": urn, "type": kind, "id": f"id-{name}", "outputs": outputs, **more}


def voices(*resources: dict[str, Any]) -> tuple[Voice, ...]:
    return State.parse({"resources": list(resources)}).voices


def a_voice(vendor: str = "coze", **more: Any) -> Voice:
    (voice,) = voices(resource(vendor, "narrator", **more))
    return voice


def described(voice: Voice, **more: Any) -> dict[str, Any]:
    """What the page says of it."""
    source = Source("shop", "dev", Commits())
    entry = Entry(source, voice, words.NOT_ASKED, words.NO_SAMPLE)
    (found,) = document([replace(entry, **more)], None, with_consents=False)["voices"]
    assert isinstance(found, dict)
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A folder that a page is being written to."""
    made = Folder(tmp_path / "out")
    made.begin()
    return made


# -- what is said of a voice -------------------------------------------------------------------------------


def test_the_state_says_it_and_the_vendor_says_what_changed() -> None:
    voice = a_voice(
        outputs={"name": "Narrator", "availableTrainings": 9, "createdAt": "2026-01-01T00:00:00Z"},
        inputs={"language": "zh"},
        protect=True,
    )
    seen = Observation("id-narrator", Status.LOCKED, available_trainings=0, extras={"expiresAt": "2027"})
    found = described(voice, seen=seen)
    assert (found["name"], found["voiceId"], found["language"]) == ("Narrator", "id-narrator", "zh")
    assert (found["status"], found["availableTrainings"], found["expiresAt"]) == ("Locked", 0, "2027")
    assert "Ready" in found["statusNote"]["en"]
    assert (found["protected"], found["managed"]) == (True, True)
    alone = described(voice)
    assert (alone["status"], alone["statusNote"], alone["availableTrainings"]) == ("Ready", None, 9)


def test_who_uses_a_voice_is_said() -> None:
    host = resource("coze", "host")
    user = {"urn": "urn:pulumi:dev::shop::app:Speech$app:Line::hello", "type": "app:Line", "id": "1"}
    (voice,) = voices(host, {**user, "dependencies": [host["urn"]]})
    assert described(voice)["usedBy"] == [{"type": "app:Line", "name": "hello"}]


def test_what_is_secret_is_nowhere_even_where_the_vendor_says_it() -> None:
    voice = a_voice(
        inputs={"audioUrl": secret("https://quiet.example/a.wav"), "name": secret("quiet name")},
        outputs={"name": secret("quiet name"), "voiceId": secret("quiet-id"), "expiresAt": secret("quiet")},
    )
    seen = Observation(
        "id", Status.READY, name="quiet name", extras={"expiresAt": "quiet", "voiceId": "quiet"}
    )
    assert "quiet" not in json.dumps(described(voice, seen=seen))


@pytest.mark.parametrize(
    ("outputs", "note"),
    [
        ({}, None),
        ({"trainedOn": "external"}, words.TRAINED_ELSEWHERE),
        ({"trainedOn": None}, words.NEVER_TRAINED_HERE),
        ({"trainedOn": None, "status": "Training"}, None),
    ],
)
def test_a_sample_says_whether_the_voice_is_trained_on_it(
    outputs: dict[str, Any], note: words.Words | None
) -> None:
    sound = Sound("audio/a.mp3", "audio/mpeg", SHA256, 13.5)
    found = described(a_voice(outputs=outputs), sample=sound)
    assert found["sample"]["file"] == "audio/a.mp3"
    assert found["sample"]["note"] == (note.described() if note else None)


def test_the_order_is_always_the_same() -> None:
    found = voices(resource("coze", "b"), resource("kling", "a"))
    entries = [
        Entry(Source("shop", "dev", Commits()), voice, words.NOT_ASKED, words.NO_SAMPLE) for voice in found
    ]
    made = [document(several, None, with_consents=False) for several in (entries, entries[::-1])]
    assert made[0] == made[1]
    assert [voice["resource"] for voice in made[0]["voices"]] == ["a", "b"]


# -- consents ----------------------------------------------------------------------------------------------

RECORDS = """
- speaker: Ann
  agreed: 2026-01-15
  until: 2030-01-14
  scope: the shop
  document: consents/ann.pdf
  samples: [{sha256}, "https://a.example/b.wav", imported:narrator]
- {{ speaker: Bob, until: tomorrow, samples: [{sha256}] }}
- {{ speaker: Cleo }}
"""


@pytest.mark.parametrize(
    ("inputs", "speakers"),
    [
        ({"audio": {"hash": SHA256, "path": "a.mp3"}}, ["Ann", "Bob"]),
        ({"audio": {"hash": "another", "path": "a.mp3"}}, []),
        ({"audioUrl": "https://a.example/b.wav"}, ["Ann"]),
        ({"videoId": "1"}, []),
        ({}, ["Ann"]),
        ({"audio": secret({"hash": SHA256})}, []),
    ],
)
def test_a_consent_covers_a_sample(tmp_path: Path, inputs: dict[str, Any], speakers: list[str]) -> None:
    file = tmp_path / "consents.yaml"
    file.write_text(RECORDS.format(sha256=SHA256))
    found = consents_for(a_voice(inputs=inputs), Consents.read(file))
    assert [consent["speaker"] for consent in found] == speakers
    if "Bob" in speakers:
        assert [consent["source"] for consent in found] == ["consents.yaml#1", "consents.yaml#2"]
        assert [consent["until"] for consent in found] == ["2030-01-14", ""]


def test_the_policy_packs_records_are_understood() -> None:
    """Those in examples/policy, by which a preview refuses a voice."""
    consents = Consents.read(ROOT / "examples/policy/consents.yaml")
    (found,) = consents_for(a_voice(inputs={"audio": {"hash": SHA256, "path": "host-en.mp3"}}), consents)
    assert all(found.values())
    assert found["speaker"] == "eSpeak NG, English voice"


@pytest.mark.parametrize("text", ["speaker: Ann", "- Ann", "- [", "\x00"])
def test_what_is_no_file_of_consents_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "consents.yaml").write_text(text)
    with pytest.raises(PermanentError, match="consents"):
        Consents.read(tmp_path / "consents.yaml")
    with pytest.raises(PermanentError, match="no such file"):
        Consents.read(tmp_path / "none.yaml")


# -- commits -----------------------------------------------------------------------------------------------


def git(folder: Path, *arguments: str) -> str:
    who = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", *who, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_the_commit_that_declared_a_voice_is_the_last_one_in_the_projects_folder(tmp_path: Path) -> None:
    project = tmp_path / "shop"
    project.mkdir()
    assert commits.of(project) == Commits()
    git(tmp_path, "init", "-q")
    assert commits.of(project) == Commits()
    for file in ("shop/Pulumi.yaml", "README.md"):
        (tmp_path / file).write_text(file)
        git(tmp_path, "add", file)
        git(tmp_path, "commit", "-qm", file)
    head, declared = git(tmp_path, "log", "--format=%H").split()
    (project / "voices").mkdir()  # where this command may write the page
    (project / "voices" / "index.html").write_text("")
    assert commits.of(project) == Commits(head, declared)
    (project / "Pulumi.yaml").write_text("changed")
    assert commits.of(project) == Commits(head, declared, uncommitted=True)
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{tmp_path}", "shallow")
    assert commits.of(tmp_path / "shallow" / "shop") == Commits(head)
    assert commits.link("https://a.example/{commit}", head) == f"https://a.example/{head}"


# -- recordings --------------------------------------------------------------------------------------------


def test_a_sample_is_kept_only_where_it_is_what_the_state_says(folder: Folder, tmp_path: Path) -> None:
    samples = Samples(folder, fetch=False)

    def of(**inputs: Any) -> sounds.Sound | words.Words:
        return samples.of(a_voice(inputs=inputs), (tmp_path / "elsewhere", tmp_path))[0]

    (tmp_path / "host.mp3").write_bytes(RECORDING)
    (tmp_path / "changed.mp3").write_bytes(RECORDING + b"\0")
    (tmp_path / "secret.txt").write_bytes(b"no audio")
    assert of(audio={"hash": SHA256, "path": "host.mp3"}) == Sound(
        f"audio/{SHA256[:32]}.mp3", "audio/mpeg", SHA256, 13.5
    )
    assert of(audio={"hash": SHA256, "path": "changed.mp3"}) == words.SAMPLE_CHANGED
    assert of(audio={"hash": SHA256, "path": "none.mp3"}) == words.SAMPLE_NOT_HERE
    assert of(audio={"hash": SHA256, "path": "."}) == words.SAMPLE_NOT_HERE
    assert of(audio={"hash": SHA256, "path": "\0"}) == words.SAMPLE_NOT_HERE
    assert of(audio={"hash": SHA256, "text": "a"}) == words.SAMPLE_WITHOUT_FILE
    assert of(audio={"path": "host.mp3"}) == words.SAMPLE_WITHOUT_FILE
    no_audio = hashlib.sha256(b"no audio").hexdigest()
    assert of(audio={"hash": no_audio, "path": "secret.txt"}) == words.NO_AUDIO
    assert of(audio=secret({"hash": SHA256, "path": "host.mp3"})) == words.SECRET_SAMPLE
    assert of(audio={"hash": SHA256, "path": secret("host.mp3")}) == words.SECRET_SAMPLE
    assert of(audio={"hash": SHA256, "uri": SIGNED}) == words.SAMPLE_NOT_FETCHED
    assert of(audioUrl=SIGNED) == words.SAMPLE_NOT_FETCHED
    assert of(videoId="7") == words.video("7")
    assert of() == words.NO_SAMPLE


def test_samples_at_urls_are_fetched_when_that_is_asked_for(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    samples = Samples(folder, fetch=True)
    monkeypatch.setattr(content, "fetch", lambda *_, **__: RECORDING)
    sound, note = samples.of(a_voice(inputs={"audioUrl": SIGNED}), ())
    assert isinstance(sound, Sound)
    assert note == words.SAMPLE_UNCHECKED
    sound, note = samples.of(a_voice(inputs={"audio": {"hash": SHA256, "uri": SIGNED}}), ())
    assert isinstance(sound, Sound)
    assert note is None
    sound, _ = samples.of(a_voice(inputs={"audio": {"hash": "another", "uri": SIGNED}}), ())
    assert sound == words.SAMPLE_CHANGED


def test_raw_samples_can_be_heard(folder: Folder) -> None:
    sound = sounds.kept(folder, b"\1\0" * 24_000, "pcm")
    assert isinstance(sound, Sound)
    assert (sound.type, sound.seconds) == ("audio/wav", 1.0)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "/etc/passwd", "ftp://a.example/b.wav", "http://", "http://[", "data:,"]
)
def test_only_http_is_fetched(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "fetch", lambda *_, **__: pytest.fail("fetched"))
    assert sounds.fetched(url) == words.NOT_HTTP


def test_why_a_recording_is_missing_says_no_url(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> bytes:
        raise TemporaryError(f"cannot fetch {content.shown(SIGNED)}: HTTP 403")

    monkeypatch.setattr(content, "fetch", fail)
    found = sounds.fetched(SIGNED)
    assert isinstance(found, words.Words)
    assert found.en == "The recording could not be fetched: media.example: HTTP 403."


def test_what_is_too_large_or_no_audio_is_not_kept(folder: Folder) -> None:
    assert sounds.kept(folder, bytes(content.MAX_BYTES + 1)) == words.TOO_LARGE
    assert sounds.kept(folder, b"<html>not found</html>") == words.NO_AUDIO


# -- previews ----------------------------------------------------------------------------------------------


@pytest.fixture
def worlds(monkeypatch: pytest.MonkeyPatch) -> Mapping[str, World]:
    """The four vendors, each with a voice `id-narrator` that has a preview."""
    monkeypatch.setattr(content, "fetch", lambda *_, **__: RECORDING)
    found = {key: account(monkeypatch, key) for key in FLAVOURS}
    for world in found.values():
        world.trained(voice_id="id-narrator")
    return found


def test_a_vendor_that_does_not_answer_leaves_the_others_their_previews(
    worlds: Mapping[str, World], folder: Folder
) -> None:
    worlds["coze"].raises["observe"].append(TemporaryError("down"))
    accesses = [(a_voice(key), CONFIG) for key in FLAVOURS]
    answers = dict(zip(FLAVOURS, ask(accesses), strict=True))
    for key, answer in answers.items():
        sound = heard(folder, a_voice(key), answer)
        assert sound == words.unanswered("down") if key == "coze" else isinstance(sound, Sound)


def test_voices_of_one_account_are_asked_for_together(worlds: Mapping[str, World]) -> None:
    worlds["coze"].trained(voice_id="id-host")
    several = voices(resource("coze", "narrator"), resource("coze", "host"), resource("coze", "gone"))
    answers = ask([(voice, CONFIG) for voice in several])
    assert [answer.seen and answer.seen.voice_id for answer in answers] == ["id-narrator", "id-host", None]
    assert worlds["coze"].count("observe") == 1


def test_a_voice_may_have_no_preview(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "fetch", lambda *_, **__: pytest.fail("fetched"))
    quiet = a_voice(outputs={"previewUrl": secret(SIGNED)})
    seen = Observation("id", Status.READY, preview_url=SIGNED)
    for voice, answer, why in (
        (quiet, Answer(seen), words.SECRET_PREVIEW),
        (a_voice(), Answer(), words.NOT_THERE),
        (a_voice(), Answer(replace(seen, preview_url=None)), words.NO_PREVIEW),
    ):
        assert heard(folder, voice, answer) == why


# -- the folder --------------------------------------------------------------------------------------------


def write(path: Path, **files: str) -> None:
    folder = Folder(path)
    folder.begin()
    for name, text in files.items():
        folder.add(name.replace("_", "/").replace("DOT", "."), text.encode())
    folder.finish()


def there(path: Path) -> set[str]:
    return {str(file.relative_to(path)) for file in path.rglob("*") if file.is_file()}


def test_what_is_no_longer_used_is_removed_and_nothing_else(tmp_path: Path) -> None:
    write(tmp_path, indexDOThtml="1", audio_aDOTmp3="a", audio_bDOTmp3="b")
    (tmp_path / "CNAME").write_text("voices.example")
    (tmp_path / "audio" / "mine.mp3").write_text("mine")
    before = (tmp_path / "audio" / "a.mp3").stat()
    write(tmp_path, indexDOThtml="2", audio_aDOTmp3="a")
    assert there(tmp_path) == {"index.html", "audio/a.mp3", "audio/mine.mp3", "CNAME", MANIFEST}
    assert (tmp_path / "index.html").read_text() == "2"
    after = (tmp_path / "audio" / "a.mp3").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_folder_of_somebody_elses_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("")
    with pytest.raises(PermanentError, match="not empty"):
        Folder(tmp_path)
    with pytest.raises(PermanentError, match="cannot be used"):
        Folder(tmp_path / "thesis.txt")
    assert there(tmp_path) == {"thesis.txt"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"files": 3}',
        '{"files": ["../a.txt"]}',
        '{"files": ["/etc/passwd"]}',
        '{"files": [1]}',
    ],
)
def test_a_list_that_was_tampered_with_removes_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / MANIFEST).write_text(text)
    with pytest.raises(PermanentError, match="cannot be read"):
        Folder(tmp_path)


def test_a_file_of_the_users_in_the_way_is_not_written_over(tmp_path: Path) -> None:
    write(tmp_path, indexDOThtml="1")
    (tmp_path / "voices.json").write_text("mine")
    with pytest.raises(PermanentError, match="was not written by this command"):
        write(tmp_path, indexDOThtml="2", voicesDOTjson="{}")
    assert (tmp_path / "voices.json").read_text() == "mine"
    assert (tmp_path / "index.html").read_text() == "1"


def test_a_run_that_was_killed_leaves_the_page_and_is_cleaned_up_after(tmp_path: Path) -> None:
    write(tmp_path / "new", indexDOThtml="1")
    for path in (tmp_path / "new", tmp_path / "never"):
        killed = Folder(path)
        killed.begin()
        killed.add("audio/a.mp3", b"half")
    assert (tmp_path / "new" / "index.html").read_text() == "1"
    for path in (tmp_path / "new", tmp_path / "never"):
        write(path, indexDOThtml="2")
        assert there(path) == {"index.html", MANIFEST}


# -- the page ----------------------------------------------------------------------------------------------


def test_nothing_in_the_data_ends_the_script(folder: Folder, tmp_path: Path) -> None:
    made = document(
        [
            Entry(
                Source(HOSTILE, "dev", Commits()),
                a_voice(outputs={"name": HOSTILE}),
                words.NOT_ASKED,
                words.NO_SAMPLE,
            )
        ],
        None,
        with_consents=False,
    )
    page.write(folder, made, with_json=True)
    folder.finish()
    text = (tmp_path / "out" / "index.html").read_text("utf-8")
    data = re.findall(r'<script type="application/json" id="data">(.*?)</script>', text)
    assert [json.loads(found) for found in data] == [made]
    assert "document.title" in text
    assert "<script>document" not in text
    assert "\u2028" not in text
    assert json.loads((tmp_path / "out" / "voices.json").read_text("utf-8")) == made


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_texts_can_be_read_in_both_modes() -> None:
    """WCAG 2, level AA: a contrast of 4.5."""
    style = (Path(page.__file__).parent / "catalogue.css").read_text("utf-8")
    modes = [
        dict(re.findall(r"--(\w+): (#\w{6})", block)) for block in re.findall(r":root \{(.*?)\}", style, re.S)
    ]
    assert len(modes) == 2
    for mode in modes:
        for ground in ("page", "card"):
            for text in ("text", "quiet", "link", "good", "wait", "bad"):
                bright, dark = sorted((luminance(mode[ground]), luminance(mode[text])), reverse=True)
                assert (bright + 0.05) / (dark + 0.05) >= 4.5, (ground, text)


# -- the command -------------------------------------------------------------------------------------------


@pytest.fixture
def stacks(worlds: Mapping[str, World], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A stack with a voice on each vendor, which needs no Pulumi CLI."""

    class Stack:
        label = "shop/dev"

        class api:  # noqa: N801
            name = "team/shop/dev"

        class project:  # noqa: N801
            name = "shop"
            folder = program = tmp_path

        def state(self) -> State:
            return State.parse({"resources": [resource(key, "narrator") for key in VENDORS]})

        def config(self) -> dict[str, Any]:
            return {}

    (tmp_path / "Pulumi.yaml").write_text("name: shop\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(command, "chosen", lambda *_, **__: [Stack()])
    monkeypatch.setattr(ProviderConfig, "load", lambda *_: CONFIG)


@pytest.mark.usefixtures("stacks")
def test_the_page_is_the_same_until_something_changes(tmp_path: Path) -> None:
    assert run("catalogue", "--out", "voices", "--json") == 0
    before = {name: (tmp_path / "voices" / name).read_bytes() for name in there(tmp_path / "voices")}
    assert set(before) == {
        "index.html",
        "catalogue.css",
        "catalogue.js",
        "voices.json",
        f"audio/{SHA256[:32]}.mp3",
        MANIFEST,
    }
    assert run("catalogue", "--out", "voices", "--json") == 0
    assert {name: (tmp_path / "voices" / name).read_bytes() for name in there(tmp_path / "voices")} == before
    found = json.loads(before["voices.json"])["voices"]
    assert [voice["preview"]["sha256"] for voice in found] == [SHA256] * 4
    for text in before.values():
        assert b"vendor.example" not in text


@pytest.mark.usefixtures("stacks")
def test_a_page_with_something_missing_is_made_and_ends_with_1(
    worlds: Mapping[str, World], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    worlds["coze"].raises["observe"].append(TemporaryError("down"))
    assert run("catalogue", "--out", "voices", "--json") == 1
    assert "error: down" in capsys.readouterr().err
    found = json.loads((tmp_path / "voices" / "voices.json").read_text("utf-8"))["voices"]
    assert [voice["vendor"] for voice in found if voice["preview"]["file"] is None] == ["coze"]


@pytest.mark.usefixtures("stacks")
def test_a_preview_that_cannot_be_had_ends_with_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(content, "fetch", lambda *_, **__: b"<html>")
    assert run("catalogue", "--out", "voices") == 1
    assert "shop/dev narrator: What was found is no audio" in capsys.readouterr().err


@pytest.mark.usefixtures("stacks")
def test_no_vendor_is_asked_without_fetching(worlds: Mapping[str, World], tmp_path: Path) -> None:
    assert run("catalogue", "--out", "voices", "--no-fetch", "--json") == 0
    found = json.loads((tmp_path / "voices" / "voices.json").read_text("utf-8"))["voices"]
    assert {voice["preview"]["note"]["en"] for voice in found} == {words.NOT_ASKED.en}
    assert not any(world.sent for world in worlds.values())


@pytest.mark.usefixtures("stacks")
def test_nothing_is_made_where_the_command_cannot_be_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "thesis.txt").write_text("")
    for wrong in (
        ["--out", "thesis"],
        ["--out", "voices", "--consents", "none.yaml"],
        ["--out", "voices", "--commit-url", "https://a.example/"],
        ["--out", "voices", "--commit-url", "javascript:{commit}"],
        ["--out", "voices", "--no-fetch", "--fetch-samples"],
        ["nowhere", "--out", "voices"],
        [],
    ):
        assert run("catalogue", *wrong) == 2
        assert "rror: " in capsys.readouterr().err
    assert there(tmp_path) == {"Pulumi.yaml", "thesis/thesis.txt"}

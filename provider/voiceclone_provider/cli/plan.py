"""`python -m voiceclone_provider plan`: what an update would do and cost, for a person or a pull request."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any, Final

import click

from ..core.errors import PermanentError
from ..vendors import VENDORS
from .markdown import code, escaped
from .plans import CREATE, DELETE, REPLACE, UPDATE, Change, Plan, preview
from .stacks import Place, chosen, short_name

_MARKS: Final = {CREATE: "➕", UPDATE: "✏️", REPLACE: "♻️", DELETE: "🗑️"}
_TITLES: Final = {CREATE: "create", UPDATE: "change", REPLACE: "replace", DELETE: "delete"}

Plans = dict[str, Plan]
"""By the labels of their stacks."""


@click.command(
    epilog="Exit codes: 0 an update would work; 1 a preview failed, or more trainings are needed than "
    "--max-trainings allows; 2 wrong usage."
)
@click.argument("places", nargs=-1, metavar="[PROJECT[:STACK]]...")
@click.option("--max-trainings", type=click.IntRange(0), metavar="N", help="Fail where more are needed.")
@click.option(
    "--markdown", type=click.File("w", encoding="utf-8", lazy=True), metavar="FILE", help="For a comment."
)
@click.option(
    "--json",
    "as_json",
    type=click.File("w", encoding="utf-8", lazy=True),
    metavar="FILE",
    help="For programs.",
)
def command(places: Sequence[str], max_trainings: int | None, markdown: Any, as_json: Any) -> None:
    """Preview what an update would train, create and delete.

    PROJECT is a folder with a Pulumi.yaml (default: this one); without STACK, its selected stack. FILE may be
    `-` for the standard output. Changes nothing; needs no credentials of the vendors.
    """
    plans: Plans = {}
    try:
        for stack in chosen(Place.parse(word) for word in places or (".",)):
            plans[stack.label] = preview(stack)
    except PermanentError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(1)
    needed = _needed(plans)
    over = max_trainings if max_trainings is not None and needed > max_trainings else None
    if markdown:
        markdown.write(as_markdown(plans, over))
    if as_json:
        as_json.write(json.dumps(report(plans), indent=2, ensure_ascii=False) + "\n")
    if not any(file and file.name == "-" for file in (markdown, as_json)):
        print(as_text(plans))
    if over is not None:
        print(f"error: {_over(needed, over)}", file=sys.stderr)
    sys.exit(int(over is not None or any(plan.errors for plan in plans.values())))


def as_text(plans: Plans) -> str:
    """What a terminal shows."""
    lines = []
    for label, plan in plans.items():
        lines.append(f"{label}: {_summary(plan)}")
        lines += [
            f"  {_TITLES.get(change.kind, change.kind):8} {change.name}{_why(change)}"
            for change in plan.changes.values()
        ]
        lines += [f"  {line}" for line in (f"{kind}: {text}" for kind, text in _told(plan))]
    return "\n".join(lines)


def as_markdown(plans: Plans, over: int | None = None) -> str:
    """The text of a comment. Its first line, which is not shown, is the same for the same stacks: by it a
    script finds the comment that it made before."""
    lines = [f"<!-- voiceclone plan of {', '.join(plans)} -->"]
    for label, plan in plans.items():
        lines += [f"### Voices: `{label}`", "", f"**{_summary(plan)}**", ""]
        if plan.changes:
            lines += ["| | resource | vendor | because of | trainings |", "|---|---|---|---|---|"]
            lines += [_row(change) for change in plan.changes.values()]
            lines.append("")
        told = [f"**{kind}**: {escaped(text)}" for kind, text in _told(plan)]
        lines += [f"- {line}" for line in told] + ([""] if told else [])
    if over is not None:
        lines += [f"**{_over(_needed(plans), over)}**", ""]
    return "\n".join(lines)


def report(plans: Plans) -> dict[str, Any]:
    """The same for programs."""
    return {
        "version": 1,
        "trainings": _needed(plans),
        "stacks": [
            {
                "stack": label,
                "trainings": plan.trainings,
                "unchanged": plan.unchanged,
                "changes": [
                    {
                        "urn": change.urn,
                        "name": change.name,
                        "type": change.type,
                        "vendor": change.vendor,
                        "kind": change.kind,
                        "properties": list(change.properties),
                        "trainings": change.trainings,
                    }
                    for change in plan.changes.values()
                ],
                "warnings": [{"urn": urn, "message": text} for urn, text in plan.warnings],
                "errors": [{"urn": urn, "message": text} for urn, text in plan.errors],
            }
            for label, plan in plans.items()
        ],
    }


def _needed(plans: Plans) -> int:
    return sum(plan.trainings for plan in plans.values())


def _summary(plan: Plan) -> str:
    kinds = [change.kind for change in plan.changes.values()]
    counts = [f"{kinds.count(kind)} to {_TITLES.get(kind, kind)}" for kind in dict.fromkeys(kinds)]
    counts.append(f"{plan.unchanged} unchanged")
    begins = "The preview failed" if plan.errors else _trainings(plan.trainings)
    return f"{begins}; {', '.join(counts)}."


def _trainings(number: int) -> str:
    return {0: "No training", 1: "1 training"}.get(number, f"{number} trainings")


def _over(needed: int, most: int) -> str:
    return f"This needs {_trainings(needed).lower()}, and --max-trainings allows {most}."


def _row(change: Change) -> str:
    title = VENDORS[change.vendor].facts.title if change.vendor else change.type
    cells = (
        f"{_MARKS.get(change.kind, '')} {_TITLES.get(change.kind, change.kind)}".strip(),
        code(change.name),
        title,
        ", ".join(code(name) for name in change.properties),
        str(change.trainings or ""),
    )
    return f"| {' | '.join(cells)} |"


def _why(change: Change) -> str:
    parts = [", ".join(change.properties), _trainings(change.trainings) if change.trainings else ""]
    told = "; ".join(part for part in parts if part)
    return f" ({told})" if told else ""


def _told(plan: Plan) -> list[tuple[str, str]]:
    lines = []
    for kind, messages in (("error", plan.errors), ("warning", plan.warnings)):
        for urn, text in messages:
            name = short_name(urn).replace("`", "'")
            about = f"`{name}`: " if urn and "pulumi:pulumi:Stack" not in urn else ""
            lines.append((kind, " ".join(f"{about}{text}".split())))
    return lines

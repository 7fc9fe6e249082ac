"""A run as a table, Markdown, JSON, JUnit and Prometheus' text format.

Nothing but `as_json` and `as_prometheus` has a time of the run in it: what did not change is the same text in
the next run, so that a script need not touch the issue that has it.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

from ...core.times import rfc3339
from ..markdown import code, escaped
from ..tables import table
from .detect import Looked, Seen
from .finding import CLEAN, FOUND, Finding, Kind, exit_code
from .plan import Plan

VERSION: Final = 1
MARKER: Final = "<!-- voiceclone-drift -->"
_MOST_ROWS: Final = 100  # an issue takes 65,536 letters
_MOST_NAMES: Final = 6
_COLUMNS: Final = ("KIND", "STACK", "RESOURCE", "VENDOR", "VOICE", "WHAT")
_REQUEST_ID: Final = re.compile(r" \(request ID [^)]*\)|, request ID [^)]*(?=\))")
_NOT_IN_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Healing:
    """What became of healing a stack: its plan, and why it failed where it did."""

    plan: Plan
    error: str = ""

    @property
    def done(self) -> bool:
        return not (self.plan.refused or self.error)

    @property
    def told(self) -> str:
        """In a sentence."""
        if self.plan.refused:
            return f"Not healed: {self.plan.refused}"
        if self.error:
            return f"Healing failed: {self.error}"
        return f"Healed: {', '.join(f'{name} ({operation})' for name, operation, _ in self.plan.steps)}."


@dataclass(frozen=True)
class Report:
    """A run.

    Arguments:
        stacks: as they were looked at last.
        accounts: that were listed.
        healing: by stack; `None` where nothing was to be healed.
        commit: of the projects, where they are in git and at the same one.
        started, ended: Unix seconds.
    """

    stacks: Sequence[Looked]
    accounts: Sequence[Seen] = ()
    more: Sequence[Finding] = ()
    healing: Mapping[str, Healing] | None = None
    commit: str = ""
    started: float = 0.0
    ended: float = 0.0
    findings: Sequence[Finding] = field(init=False)

    def __post_init__(self) -> None:
        every = [finding for looked in self.stacks for finding in looked.findings]
        object.__setattr__(self, "findings", sorted([*every, *self.more], key=lambda item: item.order))

    @property
    def exit_code(self) -> int:
        failed = any(not healing.done for healing in (self.healing or {}).values())
        return exit_code(self.findings) or (FOUND if failed else CLEAN)

    @property
    def told(self) -> list[str]:
        """What became of healing, a line for each stack."""
        return [f"{label}: {healing.told}" for label, healing in (self.healing or {}).items()]

    @property
    def advice(self) -> list[str]:
        """What to do, each sentence once with what it is about."""
        places: dict[str, list[str]] = {}
        for item in self.findings:
            places.setdefault(item.advice, []).append(_place(item))
        return [f"{_some(names)}: {advice}" for advice, names in places.items()]

    @property
    def summary(self) -> str:
        stacks = f"{len(self.stacks)} stack{'' if len(self.stacks) == 1 else 's'}"
        voices = sum(len(looked.voices) for looked in self.stacks)
        of = f"{stacks} with {voices} voice{'' if voices == 1 else 's'}"
        if not self.findings:
            return f"Nothing was found in {of}."
        counts = Counter(finding.kind for finding in self.findings)
        return f"{', '.join(f'{counts[kind]} {kind}' for kind in Kind if counts[kind])} in {of}."


def as_table(report: Report) -> str:
    lines = []
    if report.findings:
        rows = [
            (item.kind, item.stack, item.name, item.vendor, item.voice, _what(item))
            for item in report.findings
        ]
        lines += [table(_COLUMNS, rows), ""]
        lines += [*report.advice, ""]
    lines += report.told
    lines += [
        f"{account.vendor} {account.account}: {account.note}." for account in report.accounts if account.note
    ]
    return "\n".join([*lines, report.summary]) + "\n"


def as_markdown(report: Report) -> str:
    """For an issue. Names and values are code: a voice's name is no Markdown, and calls nobody."""
    lines = [MARKER, "", f"**{report.summary}**"]
    if report.findings:
        lines += ["", "| | stack | resource | voice | what |", "|---|---|---|---|---|"]
        for item in report.findings[:_MOST_ROWS]:
            what = "; ".join(
                f"{each.property}: {code(each.before or '–')} → {code(each.now or '–')}"
                for each in item.differences
            )
            cells = (
                item.kind,
                code(item.stack),
                code(item.name),
                " ".join(part for part in (item.vendor, code(item.voice)) if part),
                (what or escaped(_lasting(item.message).rstrip("."))) + _since(item),
            )
            lines.append(f"| {' | '.join(cells)} |")
        if len(report.findings) > _MOST_ROWS:
            lines += ["", f"{len(report.findings) - _MOST_ROWS} more are not shown here."]
        lines += ["", "What to do:", "", *(f"- {escaped(advice)}" for advice in report.advice[:_MOST_ROWS])]
    if report.told:
        lines += ["", "Healing:", "", *(f"- {escaped(_lasting(told))}" for told in report.told)]
    return "\n".join(lines) + "\n"


def as_json(report: Report) -> str:
    written: dict[str, Any] = {
        "version": VERSION,
        "commit": report.commit or None,
        "started": rfc3339(report.started),
        "ended": rfc3339(report.ended),
        "exitCode": report.exit_code,
        "stacks": [
            {
                "stack": looked.label,
                "project": str(looked.folder),
                "voices": len(looked.voices),
                "readable": looked.state is not None,
            }
            for looked in report.stacks
        ],
        "accounts": [
            {
                "vendor": seen.vendor,
                "account": seen.account,
                "voices": seen.voices,
                "emptySlots": seen.empty,
                "note": seen.note or None,
            }
            for seen in report.accounts
        ],
        "findings": [_finding(item) for item in report.findings],
        "healing": None
        if report.healing is None
        else [
            {
                "stack": label,
                "done": healing.done,
                "refused": healing.plan.refused or None,
                "error": healing.error or None,
                "trainings": healing.plan.trainings,
                "steps": [
                    {"resource": name, "operation": operation, "trainings": count}
                    for name, operation, count in healing.plan.steps
                ],
            }
            for label, healing in report.healing.items()
        ],
    }
    return json.dumps(written, indent=2, ensure_ascii=False) + "\n"


def _finding(item: Finding) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "stack": item.stack or None,
        "urn": item.urn or None,
        "resource": item.name or None,
        "type": item.type or None,
        "vendor": item.vendor or None,
        "account": item.account or None,
        "voiceId": item.voice or None,
        "differences": [
            {"property": each.property, "before": each.before or None, "now": each.now or None}
            for each in item.differences
        ],
        "since": item.since or None,
        "trainings": item.trainings,
        "message": item.message,
        "advice": item.advice,
    }


def as_junit(report: Report) -> str:
    """A suite for each stack, a case for each of its resources; what is in no stack is in the last suite."""
    suites: dict[str, list[tuple[str, list[Finding]]]] = {}
    by_urn: dict[tuple[str, str], list[Finding]] = {}
    for item in report.findings:
        by_urn.setdefault((item.stack, item.urn or item.voice or item.vendor), []).append(item)
    for looked in report.stacks:
        cases = suites.setdefault(looked.label, [])
        for urn, name in looked.resources:
            cases.append((name, by_urn.pop((looked.label, urn), [])))
    for (stack, _), findings in by_urn.items():
        suites.setdefault(stack or "accounts", []).append((_place(findings[0]), findings))
    root = ElementTree.Element("testsuites", name="voiceclone drift")
    for label, cases in suites.items():
        suite = ElementTree.SubElement(root, "testsuite", name=label, tests=str(len(cases)))
        troubles: Counter[str] = Counter()
        for name, findings in cases:
            case = ElementTree.SubElement(suite, "testcase", classname=_xml(label), name=_xml(name))
            for item in findings:
                trouble = "error" if item.kind is Kind.UNREADABLE else "failure"
                troubles[trouble] += 1
                told = ElementTree.SubElement(
                    case, trouble, type=item.kind, message=_xml(_lasting(_what(item)))
                )
                told.text = _xml(item.advice)
        suite.set("failures", str(troubles["failure"]))
        suite.set("errors", str(troubles["error"]))
    ElementTree.indent(root)
    return f"{ElementTree.tostring(root, encoding='unicode', xml_declaration=False)}\n"


def as_prometheus(report: Report) -> str:
    """For the text-file collector of the node exporter. What is in no stack has an empty label `stack`."""
    counts = Counter((item.stack, item.kind) for item in report.findings)
    labels = [looked.label for looked in report.stacks]
    name = "voiceclone_drift"
    lines = [
        f"# HELP {name}_findings Findings of the last run of voiceclone drift.",
        f"# TYPE {name}_findings gauge",
    ]
    for label in [*dict.fromkeys(labels), ""]:
        lines += [
            f'{name}_findings{{stack="{_label(label)}",kind="{kind}"}} {counts[label, kind]}' for kind in Kind
        ]
    for metric, value, about in (
        ("exit_code", report.exit_code, "Exit code of the last run."),
        ("last_run_timestamp_seconds", int(report.ended), "When the last run ended."),
    ):
        lines += [
            f"# HELP {name}_{metric} {about}",
            f"# TYPE {name}_{metric} gauge",
            f"{name}_{metric} {value}",
        ]
    return "\n".join(lines) + "\n"


def _lasting(text: str) -> str:
    """A message without what another run has otherwise: the vendor's number of the request."""
    return _REQUEST_ID.sub("", text)


def _what(item: Finding) -> str:
    changes = "; ".join(
        f"{each.property}: {each.before or '–'} → {each.now or '–'}" for each in item.differences
    )
    return (changes or item.message.rstrip(".")) + _since(item)


def _since(item: Finding) -> str:
    return f" since {item.since}" if item.since else ""


def _place(item: Finding) -> str:
    place = " ".join(part for part in (item.stack or item.vendor, item.name or item.voice) if part)
    return " ".join(place.split())


def _some(names: Sequence[str]) -> str:
    if len(names) <= _MOST_NAMES:
        return ", ".join(names)
    return f"{', '.join(names[: _MOST_NAMES - 1])} and {len(names) - _MOST_NAMES + 1} more"


def _xml(text: str) -> str:
    return _NOT_IN_XML.sub("\ufffd", text)


def _label(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


FORMATS: Final = {
    "json": as_json,
    "markdown": as_markdown,
    "junit": as_junit,
    "prometheus": as_prometheus,
}


def write(text: str, file: str) -> None:
    """To stdout for `-`, else to a file, which is there whole or not at all. Raises `OSError`."""
    if file == "-":
        print(text, end="")
        return
    path = Path(file)
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_text(text, "utf-8")
    temporary.replace(path)

"""Keeps one comment on a pull request and one issue about drift up to date, on GitHub or GitLab.

The forge is known by the variables that its runner sets; the token is GITHUB_TOKEN or GITLAB_TOKEN.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import requests
from urllib3.util import Retry

LABEL: Final = "voice-drift"
_TIMEOUT: Final = 30  # seconds
_LONGEST: Final = 60_000  # letters; GitHub refuses a comment of more than 65,536

Json = dict[str, Any]


class Forge:
    """What GitHub and GitLab have in common: JSON over HTTPS, in pages that name the next one."""

    def __init__(self, root: str, headers: dict[str, str]) -> None:
        self._root = root
        self._session = requests.Session()
        self._session.headers.update(headers)
        again = Retry(
            total=3, backoff_factor=1, status_forcelist=(429, 502, 503, 504), allowed_methods={"GET"}
        )
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, requests.adapters.HTTPAdapter(max_retries=again))

    def send(self, method: str, path: str, body: Json) -> Json:
        answer = self._session.request(method, self._root + path, json=body, timeout=_TIMEOUT)
        answer.raise_for_status()
        data: Json = answer.json()
        return data

    def get(self, path: str) -> Json:
        answer = self._session.get(self._root + path, timeout=_TIMEOUT)
        answer.raise_for_status()
        data: Json = answer.json()
        return data

    def all(self, path: str, **query: Any) -> Iterator[Json]:
        url: str | None = self._root + path
        params: Json | None = {"per_page": 100, **query}
        while url:
            answer = self._session.get(url, params=params, timeout=_TIMEOUT)
            answer.raise_for_status()
            yield from answer.json()
            url, params = answer.links.get("next", {}).get("url"), None


class GitHub(Forge):
    """https://docs.github.com/rest/issues: a pull request's comments are those of its issue."""

    def __init__(self) -> None:
        root = f"{os.environ['GITHUB_API_URL']}/repos/{os.environ['GITHUB_REPOSITORY']}/issues"
        token = os.environ["GITHUB_TOKEN"]
        super().__init__(root, {"Authorization": f"Bearer {token}", "X-GitHub-Api-Version": "2022-11-28"})
        self._user = os.environ.get("REPORTER", "github-actions[bot]")  # whose token it is

    def ours(self, one: Json, text: str) -> bool:
        return (one.get("user") or {}).get("login") == self._user and same(one["body"], text)

    def comment(self, number: str, text: str) -> None:
        for comment in self.all(f"/{number}/comments"):
            if self.ours(comment, text):
                self.send("PATCH", f"/comments/{comment['id']}", {"body": text})
                return
        self.send("POST", f"/{number}/comments", {"body": text})

    def issue(self, text: str) -> tuple[str, str] | None:
        found = self.all("", labels=LABEL, state="open")
        return next(((str(one["number"]), one["body"]) for one in found if self.ours(one, text)), None)

    def open_issue(self, title: str, text: str) -> None:
        self.send("POST", "", {"title": title, "body": text, "labels": [LABEL]})

    def change_issue(self, number: str, title: str, text: str) -> None:
        self.send("PATCH", f"/{number}", {"title": title, "body": text})

    def close_issue(self, number: str, text: str) -> None:
        self.send("POST", f"/{number}/comments", {"body": text})
        self.send("PATCH", f"/{number}", {"state": "closed"})


class GitLab(Forge):
    """https://docs.gitlab.com/api/issues/ and https://docs.gitlab.com/api/notes/"""

    def __init__(self) -> None:
        api = os.environ["CI_API_V4_URL"]
        token = {"PRIVATE-TOKEN": os.environ["GITLAB_TOKEN"]}
        super().__init__(f"{api}/projects/{os.environ['CI_PROJECT_ID']}", token)
        self._user: int = Forge(api, token).get("/user")["id"]

    def ours(self, one: Json, field: str, text: str) -> bool:
        return (one.get("author") or {}).get("id") == self._user and same(one[field], text)

    def comment(self, number: str, text: str) -> None:
        notes = f"/merge_requests/{number}/notes"
        for note in self.all(notes):
            if self.ours(note, "body", text):
                self.send("PUT", f"{notes}/{note['id']}", {"body": text})
                return
        self.send("POST", notes, {"body": text})

    def issue(self, text: str) -> tuple[str, str] | None:
        found = self.all("/issues", labels=LABEL, state="opened")
        return next(
            ((str(one["iid"]), one["description"]) for one in found if self.ours(one, "description", text)),
            None,
        )

    def open_issue(self, title: str, text: str) -> None:
        self.send("POST", "/issues", {"title": title, "description": text, "labels": LABEL})

    def change_issue(self, number: str, title: str, text: str) -> None:
        self.send("PUT", f"/issues/{number}", {"title": title, "description": text})

    def close_issue(self, number: str, text: str) -> None:
        self.send("POST", f"/issues/{number}/notes", {"body": text})
        self.send("PUT", f"/issues/{number}", {"state_event": "close"})


def same(body: str | None, text: str) -> bool:
    """Whether both are of one report: its first line, which is not shown, says of which. Anybody can write
    that line, so the author is asked too: what is somebody else's is neither changed nor closed."""
    return (body or "").partition("\n")[0].strip() == text.partition("\n")[0]


def read(path: Path) -> str:
    """A report, cut after a line where a forge would refuse it."""
    text = path.read_text("utf-8")
    if len(text) <= _LONGEST:
        return text
    return text[:_LONGEST].rpartition("\n")[0] + "\n\nThis is not all: the rest is in the run's artifact.\n"


def report_drift(forge: GitHub | GitLab, code: str) -> str:
    """Open, update or close the issue. After exit code 1, which can tell nothing, no issue is closed."""
    path = Path("out/drift.md")
    if not path.exists():
        return "There is no report: the check ended before it could write one."
    text = read(path)
    title = "Voices are not as this repository declares them"
    known = forge.issue(text)
    if code == "0":
        if known:
            forge.close_issue(known[0], "The last check found nothing.")
            return f"Issue {known[0]} is closed."
        return "There is nothing to report."
    if known is None:
        forge.open_issue(title, text)
        return "An issue was opened."
    if known[1].strip() == text.strip():
        return f"Issue {known[0]} says this already."
    forge.change_issue(known[0], title, text)
    return f"Issue {known[0]} was updated."


def main(words: list[str]) -> int:
    try:
        forge = GitLab() if "CI_API_V4_URL" in os.environ else GitHub()
        match words:
            case ["comment", number]:
                forge.comment(number, read(Path("out/plan.md")))
                print(f"The plan is on request {number}.")
            case ["issue", code]:
                print(report_drift(forge, code))
            case _:
                print("usage: report comment NUMBER | report issue EXIT_CODE", file=sys.stderr)
                return 2
    except KeyError as missing:
        print(f"error: the variable {missing} is not set", file=sys.stderr)
        return 1
    except (OSError, requests.RequestException) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

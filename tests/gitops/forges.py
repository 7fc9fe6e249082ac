"""GitHub and GitLab, as far as the example's scripts use them: comments and issues, refused where their
documentation refuses them. The rules are from https://docs.github.com/rest/issues (OpenAPI description of
api.github.com, version 23.0.2 of @octokit/openapi) and https://docs.gitlab.com/api/issues/, /api/notes/.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Json = dict[str, Any]
TOKEN = "forge-token"
OWNER, TEAMMATE = 1, 2  # of the token; somebody else
PER_PAGE = 2  # whatever was asked for: pages must be followed


class RefusedError(Exception):
    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


@dataclass
class Thread:
    """A request or an issue."""

    number: int
    title: str = ""
    body: str = ""
    labels: tuple[str, ...] = ()
    closed: bool = False
    comments: dict[int, str] = field(default_factory=dict)
    author: int = TEAMMATE
    authors: dict[int, int] = field(default_factory=dict)


@dataclass
class Forge:
    """The project's threads, and what was written."""

    issues: dict[int, Thread] = field(default_factory=dict)
    requests: dict[int, Thread] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)
    url: str = ""

    def thread(self, number: int, where: dict[int, Thread]) -> Thread:
        if number not in where:
            raise RefusedError(404, "Not Found")
        return where[number]

    def add_issue(self, title: str, body: str, labels: tuple[str, ...], author: int = TEAMMATE) -> Thread:
        number = len(self.issues) + len(self.requests) + 1
        self.issues[number] = Thread(number, title, body, labels, author=author)
        return self.issues[number]

    def add_comment(self, thread: Thread, body: str, author: int = TEAMMATE) -> int:
        number = 100 * thread.number + len(thread.comments)
        thread.comments[number] = body
        thread.authors[number] = author
        return number


Answer = tuple[int, Any]
Route = tuple[str, str, Callable[..., Answer]]


class GitHub(Forge):
    """Issues and pull requests have one row of numbers, and one API."""

    @property
    def environment(self) -> dict[str, str]:
        return {
            "GITHUB_API_URL": self.url,
            "GITHUB_SERVER_URL": "https://forge.example",
            "GITHUB_REPOSITORY": "team/voices",
        }

    @property
    def secret(self) -> dict[str, str]:
        return {"GITHUB_TOKEN": TOKEN}

    def authorized(self, headers: Any) -> bool:
        return bool(headers.get("Authorization") == f"Bearer {TOKEN}")

    def routes(self) -> list[Route]:
        root = "/repos/team/voices/issues"
        return [
            ("GET", root, self._list),
            ("POST", root, self._open),
            ("PATCH", root + r"/(\d+)", self._change),
            ("GET", root + r"/(\d+)/comments", self._comments),
            ("POST", root + r"/(\d+)/comments", self._comment),
            ("PATCH", root + r"/comments/(\d+)", self._change_comment),
        ]

    def _any(self, number: str) -> Thread:
        return self.thread(int(number), {**self.issues, **self.requests})

    def _issue(self, thread: Thread) -> Json:
        return {
            "number": thread.number,
            "title": thread.title,
            "body": thread.body,
            "user": _login(thread.author),
            "state": "closed" if thread.closed else "open",
        }

    def _list(self, body: Json, query: Json) -> Answer:
        known(query, "labels", "state", "per_page", "page")
        wanted = set(query.get("labels", "").split(",")) - {""}
        found = [
            self._issue(one)
            for one in self.issues.values()
            if wanted <= set(one.labels)
            and query.get("state", "open") == ("closed" if one.closed else "open")
        ]
        return 200, found

    def _open(self, body: Json, query: Json) -> Answer:
        known(body, "title", "body", "labels", required=("title",))
        return 201, self._issue(self.add_issue(body["title"], body["body"], tuple(body["labels"]), OWNER))

    def _change(self, body: Json, query: Json, number: str) -> Answer:
        known(body, "title", "body", "state", "state_reason", "labels")
        thread = self._any(number)
        if body.get("state", "open") not in ("open", "closed"):
            raise RefusedError(422, "state")
        thread.title, thread.body = body.get("title", thread.title), body.get("body", thread.body)
        thread.closed = body.get("state", "closed" if thread.closed else "open") == "closed"
        return 200, self._issue(thread)

    def _comments(self, body: Json, query: Json, number: str) -> Answer:
        known(query, "since", "per_page", "page")
        thread = self._any(number)
        return 200, [
            {"id": key, "body": text, "user": _login(thread.authors[key])}
            for key, text in thread.comments.items()
        ]

    def _comment(self, body: Json, query: Json, number: str) -> Answer:
        known(body, "body", required=("body",))
        return 201, {"id": self.add_comment(self._any(number), body["body"], OWNER), "body": body["body"]}

    def _change_comment(self, body: Json, query: Json, key: str) -> Answer:
        known(body, "body", required=("body",))
        self._any(str(int(key) // 100)).comments[int(key)] = body["body"]
        return 200, {"id": int(key), "body": body["body"]}


class GitLab(Forge):
    """Merge requests and issues have rows of numbers of their own."""

    @property
    def environment(self) -> dict[str, str]:
        return {
            "CI_API_V4_URL": f"{self.url}/api/v4",
            "CI_PROJECT_ID": "17",
            "CI_PROJECT_URL": "https://forge.example/team/voices",
        }

    @property
    def secret(self) -> dict[str, str]:
        return {"GITLAB_TOKEN": TOKEN}

    def authorized(self, headers: Any) -> bool:
        return bool(headers.get("PRIVATE-TOKEN") == TOKEN)

    def routes(self) -> list[Route]:
        root = "/api/v4/projects/17"
        return [
            ("GET", "/api/v4/user", lambda body, query: (200, {"id": OWNER})),
            ("GET", root + "/issues", self._list),
            ("POST", root + "/issues", self._open),
            ("PUT", root + r"/issues/(\d+)", self._change),
            ("POST", root + r"/issues/(\d+)/notes", self._note_issue),
            ("GET", root + r"/merge_requests/(\d+)/notes", self._notes),
            ("POST", root + r"/merge_requests/(\d+)/notes", self._note),
            ("PUT", root + r"/merge_requests/(\d+)/notes/(\d+)", self._change_note),
        ]

    def _issue(self, thread: Thread) -> Json:
        state = "closed" if thread.closed else "opened"
        return {
            "id": 9000 + thread.number,
            "iid": thread.number,
            "description": thread.body,
            "state": state,
            "author": {"id": thread.author},
        }

    def _list(self, body: Json, query: Json) -> Answer:
        known(query, "labels", "state", "per_page", "page")
        state = query.get("state", "all")
        if state not in ("opened", "closed", "all"):
            raise RefusedError(400, "state does not have a valid value")
        wanted = set(query.get("labels", "").split(",")) - {""}
        return 200, [
            self._issue(one)
            for one in self.issues.values()
            if wanted <= set(one.labels) and state in ("all", "closed" if one.closed else "opened")
        ]

    def _open(self, body: Json, query: Json) -> Answer:
        known(body, "title", "description", "labels", required=("title",))
        return 201, self._issue(self.add_issue(body["title"], body["description"], (body["labels"],), OWNER))

    def _change(self, body: Json, query: Json, number: str) -> Answer:
        known(body, "title", "description", "labels", "state_event")
        thread = self.thread(int(number), self.issues)
        thread.title, thread.body = body.get("title", thread.title), body.get("description", thread.body)
        if "state_event" in body:
            thread.closed = {"close": True, "reopen": False}[body["state_event"]]
        return 200, self._issue(thread)

    def _note_issue(self, body: Json, query: Json, number: str) -> Answer:
        known(body, "body", required=("body",))
        return 201, {"id": self.add_comment(self.thread(int(number), self.issues), body["body"], OWNER)}

    def _notes(self, body: Json, query: Json, number: str) -> Answer:
        known(query, "sort", "order_by", "per_page", "page")
        thread = self.thread(int(number), self.requests)
        return 200, [
            {"id": key, "body": text, "author": {"id": thread.authors[key]}}
            for key, text in thread.comments.items()
        ]

    def _note(self, body: Json, query: Json, number: str) -> Answer:
        known(body, "body", required=("body",))
        return 201, {"id": self.add_comment(self.thread(int(number), self.requests), body["body"], OWNER)}

    def _change_note(self, body: Json, query: Json, number: str, key: str) -> Answer:
        known(body, "body", required=("body",))
        self.thread(int(number), self.requests).comments[int(key)] = body["body"]
        return 200, {"id": int(key), "body": body["body"]}


def _login(author: int) -> Json:
    return {"login": "github-actions[bot]" if author == OWNER else "teammate"}


def known(given: Json, *names: str, required: tuple[str, ...] = ()) -> None:
    strange = set(given) - set(names)
    if strange or not set(required) <= set(given):
        raise RefusedError(422, f"unknown {sorted(strange)}, required {required}")


@contextmanager
def serving(forge: GitHub | GitLab) -> Iterator[None]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            parts = urlsplit(self.path)
            body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            status, data = self._answered(parts.path, body, dict(query))
            more = False
            if isinstance(data, list):
                page = int(query.get("page", 1))
                more = len(data) > page * PER_PAGE
                data = data[(page - 1) * PER_PAGE : page * PER_PAGE]
            text = json.dumps(data).encode()
            self.send_response(status)
            if more:
                self.send_header("Link", f'<{forge.url}{parts.path}?{self._next(query)}>; rel="next"')
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = do_PATCH = do_PUT = answer  # noqa: N815

        def _answered(self, path: str, body: Json, query: Json) -> Answer:
            if not forge.authorized(self.headers):
                return 401, {"message": "Bad credentials"}
            for method, pattern, route in forge.routes():
                found = re.fullmatch(pattern, path)
                if found and method == self.command:
                    if method != "GET":
                        forge.written.append(f"{method} {path}")
                    try:
                        return route(body, query, *found.groups())
                    except RefusedError as refused:
                        return refused.status, {"message": str(refused)}
            return 404, {"message": "Not Found"}

        def _next(self, query: Json) -> str:
            page = int(query.get("page", 1)) + 1
            return "&".join(f"{name}={value}" for name, value in {**query, "page": page}.items())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    forge.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()

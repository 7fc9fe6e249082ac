"""`python -m voiceclone_provider catalogue`: what the command line asks for, step by step."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import click

from ...account.config import ProviderConfig
from ...core.errors import PermanentError, VoiceError
from ..stacks import Place, Stack, State, Voice, chosen
from . import commits, page, words
from .consents import Consents
from .entries import Entry, Source, consents_for, document
from .folder import PAGE, Folder
from .previews import Answer, ask, at_once, heard
from .samples import Samples
from .sounds import Sound
from .words import Words

_EXPECTED: Final = (words.NOT_ASKED, words.NOT_THERE, words.NO_PREVIEW, words.SECRET_PREVIEW)
"""Why a voice may have no preview without anything having failed."""


@dataclass(frozen=True)
class Options:
    """What the command line says beside the stacks."""

    fetch: bool
    samples: bool
    fetch_samples: bool
    consents: Consents | None


@dataclass(frozen=True)
class Found:
    """A voice, and where it was found.

    Arguments:
        config: of its provider, or why that cannot be used.
        places: where the paths of its stack's assets may begin.
    """

    voice: Voice
    source: Source
    config: ProviderConfig | VoiceError
    places: Sequence[Path]

    @property
    def label(self) -> str:
        return f"{self.source.project}/{self.source.stack} {self.voice.name}"


def _commit_url(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    if value is not None and ("{commit}" not in value or not value.startswith(("https://", "http://"))):
        raise click.BadParameter("it must be an http(s) URL with {commit} in it.")
    return value


@click.command(
    epilog="Exit codes: 0 done; 1 the page was made, but a vendor or a preview could not be reached; "
    "2 wrong usage, or a stack could not be read: no page was made."
)
@click.argument("projects", metavar="[PROJECT[:STACK]]...", nargs=-1)
@click.option(
    "--out",
    required=True,
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help="Where to write the page: a new or empty folder, or one that this command wrote.",
)
@click.option("--all-stacks", is_flag=True, help="All stacks of a PROJECT that has no :STACK.")
@click.option(
    "--no-fetch", is_flag=True, help="Ask no vendor: the page has what the states say, no previews."
)
@click.option("--no-samples", is_flag=True, help="Leave out the samples that the voices were trained on.")
@click.option("--fetch-samples", is_flag=True, help="Also fetch the samples that are at URLs.")
@click.option(
    "--consents",
    "consents_file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The records of consents, as examples/policy has them; shows which covers each voice's sample.",
)
@click.option(
    "--commit-url",
    metavar="URL",
    callback=_commit_url,
    help="Where commits are shown, with {commit} in the place of the hash.",
)
@click.option("--json", "with_json", is_flag=True, help="Also write voices.json, for other programs.")
def command(
    projects: tuple[str, ...],
    out: Path,
    all_stacks: bool,
    no_fetch: bool,
    no_samples: bool,
    fetch_samples: bool,
    consents_file: Path | None,
    commit_url: str | None,
    with_json: bool,
) -> None:
    """Make a static page of the voices of stacks, to listen to.

    PROJECT is a folder with a Pulumi.yaml (default: this one); without STACK, its selected stack. Vendors are
    asked for fresh previews with each stack's own credentials. Changes no stack and no voice.
    """
    if fetch_samples and (no_fetch or no_samples):
        raise click.UsageError("--fetch-samples does not go with --no-fetch or --no-samples.")
    places = [Place.parse(word) for word in projects or (".",)]
    try:
        consents = Consents.read(consents_file) if consents_file else None
        options = Options(not no_fetch, not no_samples, fetch_samples, consents)
        folder = Folder(out)
        found = _voices(chosen(places, every=all_stacks))
        folder.begin()
        try:
            entries, complete = _entries(found, folder, options)
            made = document(entries, commit_url, with_consents=consents is not None)
            page.write(folder, made, with_json=with_json)
            folder.finish()
        finally:
            folder.abandon()
    except PermanentError as error:
        _say(f"error: {error}")
        sys.exit(2)
    except OSError as error:
        _say(f"error: cannot write {error.filename or out}: {(error.strerror or 'error').lower()}")
        sys.exit(2)
    print(f"{len(entries)} voices are in {out / PAGE}")
    sys.exit(0 if complete else 1)


def _voices(several: Sequence[Stack]) -> list[Found]:
    """The voices of the stacks; not those that wait to be deleted. Raises `PermanentError`."""
    states = at_once(lambda stack: (stack.state(), stack.config()), several)
    of_folder = {folder: commits.of(folder) for folder in {stack.project.folder for stack in several}}
    return [
        Found(
            voice,
            Source(stack.project.name, stack.api.name.rpartition("/")[2], of_folder[stack.project.folder]),
            _configuration(voice, state, config),
            (stack.project.program, stack.project.folder),
        )
        for stack, (state, config) in zip(several, states, strict=True)
        for voice in state.voices
        if not voice.delete
    ]


def _configuration(voice: Voice, state: State, config: Mapping[str, Any]) -> ProviderConfig | VoiceError:
    """Of the voice's own provider: an explicit one, or the default one with the stack's configuration."""
    try:
        return ProviderConfig.load(state.providers.get(voice.provider, config), os.environ)
    except PermanentError as error:
        return error


def _entries(found: Sequence[Found], folder: Folder, options: Options) -> tuple[list[Entry], bool]:
    """What the page says of each voice, and whether all that was asked for could be had."""
    answers = [Answer() for _ in found]
    if options.fetch:
        answers = ask([(item.voice, item.config) for item in found])
    for error in dict.fromkeys(str(answer.error) for answer in answers if answer.error is not None):
        _say(f"error: {error}")
    samples = Samples(folder, fetch=options.fetch_samples) if options.samples else None
    listened = partial(_listened, folder=folder, options=options, samples=samples)
    entries = at_once(listened, list(zip(found, answers, strict=True)))
    complete = True
    for item, answer, entry in zip(found, answers, entries, strict=True):
        if isinstance(entry.preview, Words) and entry.preview not in _EXPECTED:
            complete = False
            if answer.error is None:
                _say(f"warning: {item.label}: {entry.preview.en}")
    return entries, complete


def _listened(
    asked: tuple[Found, Answer],
    folder: Folder,
    options: Options,
    samples: Samples | None,
) -> Entry:
    item, answer = asked
    preview: Sound | Words = words.NOT_ASKED
    if options.fetch:
        preview = heard(folder, item.voice, answer)
    sample, note = samples.of(item.voice, item.places) if samples else (words.SAMPLES_LEFT_OUT, None)
    consents = consents_for(item.voice, options.consents)
    return Entry(item.source, item.voice, preview, sample, note, answer.seen, consents)


def _say(line: str) -> None:
    print(line, file=sys.stderr)

"""The life of four cloned voices, shown with the Pulumi CLI against the emulator.

Where there is no CLI, the stand-in of tests/standin takes its place, and the demo says so.
Needs no account and touches nothing outside .demo: Pulumi's home, state and plugin see only that
folder, and the vendors' addresses and credentials are the emulator's. Every step says what it does,
then looks at Pulumi's state and at the emulator's own records, and ends the demo when something is
not as it should be. KEEP=1 stops before the last step and leaves emulator and stack up.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from demo_world import ROOT, STANDIN, DemoError, Emulator, Stack, clear, copy_examples, find_cli

DEMO = ROOT / ".demo"
STARTED = time.monotonic()
# What each resource of examples/yaml is, and the two takes of its sample.
VOICES = {
    "narrator": ("volcengine", "narrator-zh.wav"),
    "host": ("coze", "host-en.mp3"),
    "guide": ("qiniu", "guide-zh.mp3"),
    "announcer": ("kling", "announcer-en.wav"),
}
# Why there is none, and how to get one, was said when it was looked for.
NO_CLI = "A stand-in for Pulumi's engine (tests/standin) runs the commands instead, on the same plugin."
TITLES = {"volcengine": "Volcengine", "coze": "Coze", "qiniu": "Qiniu", "kling": "Kling"}


def say(text: str = "") -> None:
    """One line of the narration."""
    print(text, flush=True)


def headline(number: int, text: str) -> None:
    """Opens a step."""
    say(f"\n=== {number}. {text}  [{time.monotonic() - STARTED:.0f} s]")


def check(fact: bool, claim: str, otherwise: object = "") -> None:
    """Says what was checked, or ends the demo."""
    if not fact:
        raise DemoError(f"not so: {claim}. {otherwise}".strip())
    say(f"  ok: {claim}")


def second_take(file: str) -> str:
    """The name of a sample's second take."""
    name, _, suffix = file.rpartition(".")
    return f"{name}-take2.{suffix}"


class Demo:
    """The steps, in order; each builds on the one before."""

    def __init__(self, emulator: Emulator, stack: Stack) -> None:
        self.emulator = emulator
        self.stack = stack
        self.ids: dict[str, str] = {}

    def sample_urls(self, *, take2: bool = False) -> dict[str, str]:
        """Where Qiniu and Kling fetch their samples."""
        files = {name: file for name, (vendor, file) in VOICES.items() if vendor in ("qiniu", "kling")}
        return {
            f"{name}AudioUrl": self.emulator.sample_url(second_take(file) if take2 else file)
            for name, file in files.items()
        }

    def table(self) -> dict[str, str]:
        """Shows the voices as Pulumi and the emulator know them, and returns Pulumi's voice IDs."""
        known = self.stack.voices()
        say(f"\n  {'resource':10} {'vendor':11} {'voice ID':40} {'status':7} trainings")
        for name, (vendor, _) in VOICES.items():
            if name in known:
                outputs = known[name]
                voice_id, status = str(outputs["voiceId"]), str(outputs["status"])
                voice = self.emulator.voice(vendor, voice_id)
                trainings = voice["trainings"] if voice else "gone"
                say(f"  {name:10} {TITLES[vendor]:11} {voice_id:40} {status:7} {trainings}")
        say()
        return {name: str(outputs["voiceId"]) for name, outputs in known.items()}

    def check_all_ready(self, trainings: dict[str, int], *, take2: bool) -> None:
        """Every voice is ready on both sides, trained as often as it should be, with the right sample."""
        known = self.stack.voices()
        check(set(known) == set(VOICES), "Pulumi's state holds the four voices", sorted(known))
        for name, (vendor, file) in VOICES.items():
            voice_id = str(known[name]["voiceId"])
            voice = self.emulator.voice(vendor, voice_id)
            check(
                known[name]["status"] == "Ready" and voice is not None and voice["status"] == "ready",
                f"{name} is ready, in Pulumi's state and at {TITLES[vendor]}",
                f"Pulumi: {known[name].get('status')}; emulator: {voice}",
            )
            assert voice is not None  # noqa: S101 - checked above
            sample = ROOT / "examples" / "voices" / (second_take(file) if take2 else file)
            check(
                voice["trainings"] == trainings[name]
                and voice["audio_sha256"] == hashlib.sha256(sample.read_bytes()).hexdigest(),
                f"{TITLES[vendor]} trained it {trainings[name]}x, the last time on {sample.name}",
                voice,
            )

    def create(self) -> None:
        headline(1, "up: four voices that do not exist yet")
        say("Uploads two samples, tells two vendors a URL, and waits for the trainings.\n")
        self.stack.configure(self.sample_urls())
        self.stack.show("up", "--yes")
        self.ids = self.table()
        self.check_all_ready(dict.fromkeys(VOICES, 1), take2=False)

    def nothing_to_do(self) -> None:
        headline(2, "up again: nothing has changed")
        say("Nothing is uploaded, nothing is trained.\n")
        before = len(self.emulator.requests())
        self.stack.show("up", "--yes", "--expect-no-changes")
        calls = self.emulator.requests()[before:]
        changing = [call for call in calls if self.emulator.changes(call)]
        check(not changing, f"of {len(calls)} calls to the vendors none changes anything", changing)
        check({n: str(o["voiceId"]) for n, o in self.stack.voices().items()} == self.ids, "same voice IDs")

    def new_samples(self) -> None:
        headline(3, "up with changed samples: the voices are retrained")
        say("Volcengine, Coze and Qiniu train the same voice again: who uses its ID need not change a thing.")
        say("Kling cannot; there the voice is replaced, the new one is made before the old one goes.\n")
        for name, (vendor, file) in VOICES.items():
            if vendor in ("volcengine", "coze"):
                shutil.copy(ROOT / "examples" / "voices" / second_take(file), DEMO / "voices" / file)
                say(f"  {name}: another recording is now in voices/{file}")
        self.stack.configure(self.sample_urls(take2=True))
        say("  guide, announcer: audioUrl now names another recording\n")
        before = self.ids
        self.stack.show("up", "--yes")
        self.ids = self.table()
        self.check_all_ready({"narrator": 2, "host": 2, "guide": 2, "announcer": 1}, take2=True)
        for name, (vendor, _) in VOICES.items():
            if vendor == "kling":
                gone = self.emulator.voice(vendor, before[name]) is None
                check(
                    self.ids[name] != before[name] and gone, f"{name} is a new voice, the old one is deleted"
                )
            else:
                check(self.ids[name] == before[name], f"{name} kept its voice ID", self.ids[name])

    def deleted_behind_our_back(self) -> None:
        headline(4, "refresh: somebody deleted a voice in the vendor's console")
        say(f"Deletes guide ({self.ids['guide']}) at Qiniu, past Pulumi, then asks Pulumi to look.\n")
        self.emulator.delete_voice("qiniu", self.ids["guide"])
        self.stack.show("refresh", "--yes")
        left = set(self.stack.voices())
        check(
            left == set(VOICES) - {"guide"},
            "guide is gone from Pulumi's state, the other three are still there",
            left,
        )

    def bring_back(self) -> None:
        headline(5, "up: the missing voice comes back")
        say("Only guide is made; the other three are left alone.\n")
        before = self.ids
        self.stack.show("up", "--yes")
        self.ids = self.table()
        self.check_all_ready({"narrator": 2, "host": 2, "guide": 1, "announcer": 1}, take2=True)
        check(self.ids["guide"] != before["guide"], "guide is a new voice")
        others = all(self.ids[name] == before[name] for name in VOICES if name != "guide")
        check(others, "the other three kept their voice IDs")

    def destroy(self) -> None:
        headline(6, "destroy: everything goes")
        say("Qiniu and Kling delete their voices. Volcengine and Coze have no way to delete one: Pulumi")
        say("forgets them and warns that they still exist there.\n")
        self.stack.show("destroy", "--yes")
        check(not self.stack.voices(), "Pulumi's state is empty")
        state = self.emulator.state()
        for vendor in ("qiniu", "kling"):
            check(not state[vendor], f"{TITLES[vendor]} holds no voice any more", state[vendor])
        for name in ("narrator", "host"):
            vendor = VOICES[name][0]
            check(
                self.emulator.voice(vendor, self.ids[name]) is not None,
                f"{name} still exists at {TITLES[vendor]}",
            )


def keep(emulator: Emulator, stack: Stack) -> None:
    """Says how to go on by hand."""
    here = Path.cwd()
    lines = [f"export {key}={shlex.quote(value)}" for key, value in stack.own_env.items()]
    if len(stack.command) == 1:
        folder = shlex.quote(str(Path(stack.command[0]).parent))
        lines.append(f'export PATH={folder}{os.pathsep}"$PATH"')
    else:
        lines.append(f'pulumi() {{ {shlex.join(stack.command)} "$@"; }}')
    (DEMO / "env").write_text("\n".join(lines) + "\n")
    say(f"\nEmulator and stack are left up. The emulator shows itself at {emulator.url}/_emulator/")
    say("To go on by hand:\n")
    say(f"  cd {os.path.relpath(DEMO / 'yaml', here)}")
    say("  . ../env               # this stack, this emulator, this CLI; for this shell only")
    say("  pulumi stack output    # or preview, up, refresh, destroy; edit Pulumi.yaml or ../voices")
    say("\nTo stop the emulator and remove the stack:  make demo-stop")


def run() -> None:
    """The whole demo; whatever happens, what it started is ended."""
    clear(DEMO)
    cli = find_cli()
    copy_examples(DEMO)
    emulator = Emulator(DEMO)
    stack = Stack([str(cli)] if cli else STANDIN, DEMO)
    kept = False
    try:
        say(f"Pulumi {cli}" if cli else NO_CLI)
        emulator.start(training_seconds=4)
        say(f"Emulator of Volcengine, Coze, Qiniu and Kling at {emulator.url}; a training takes 4 s there")
        stack.create(emulator.environment())
        demo = Demo(emulator, stack)
        steps: list[Callable[[], None]] = [
            demo.create,
            demo.nothing_to_do,
            demo.new_samples,
            demo.deleted_behind_our_back,
            demo.bring_back,
        ]
        kept = os.environ.get("KEEP", "") not in ("", "0")
        for step in steps if kept else [*steps, demo.destroy]:
            step()
        say(f"\nAll as it should be, in {time.monotonic() - STARTED:.0f} s.")
        if kept:
            keep(emulator, stack)
    except BaseException:
        kept = False
        raise
    finally:
        # A second Ctrl-C must not stop the tidying up.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        stack.end()
        if not kept:
            emulator.stop()
    if not kept:
        shutil.rmtree(DEMO)


def interrupted(_number: int, _frame: FrameType | None) -> None:
    """A polite kill is a Ctrl-C."""
    raise KeyboardInterrupt


def main() -> int:
    """Runs or stops the demo."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupted)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # ignored under nohup
        signal.signal(signal.SIGHUP, interrupted)
    try:
        if sys.argv[1:] == ["--stop"]:
            clear(DEMO)
        else:
            run()
    except KeyboardInterrupt:
        print("\nStopped; nothing is left running.", file=sys.stderr)
        return 130
    except (DemoError, OSError) as fault:
        print(f"\nThe demo failed: {fault}", file=sys.stderr)
        if DEMO.is_dir():
            print(
                "Nothing is left running; state and the emulator's log are in .demo/ to look at.",
                file=sys.stderr,
            )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

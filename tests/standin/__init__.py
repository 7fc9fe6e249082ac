"""A stand-in for Pulumi's engine, to try and test the plugin where there is no Pulumi CLI.

It manages no real voices: it refuses every vendor that is not on this machine. See README.md here.
"""

from .calls import Call, Hooks, Killed
from .engine import Done, Engine, Outcome, Told
from .importing import Wanted
from .options import Targets
from .plugins import Attached, InProcess, Process
from .program import Program
from .secrets import PassphraseKeeper, PlainKeeper

__all__ = [
    "Attached",
    "Call",
    "Done",
    "Engine",
    "Hooks",
    "InProcess",
    "Killed",
    "Outcome",
    "PassphraseKeeper",
    "PlainKeeper",
    "Process",
    "Program",
    "Targets",
    "Told",
    "Wanted",
]

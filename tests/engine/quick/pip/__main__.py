"""`pip --version` and `pip list --format json`, of the only packages that matter to Pulumi here."""

from __future__ import annotations

import json
import sys
from importlib.metadata import version

match sys.argv[1:]:
    case ["--version"]:
        print(f"pip 25.0 from {__file__} (python {sys.version_info[0]}.{sys.version_info[1]})")
    case ["list", "--format", "json"]:
        found = ("pulumi", "voiceclone-provider")
        print(json.dumps([{"name": name, "version": version(name)} for name in found]))
    case other:
        sys.exit(f"tests/engine/quick has no answer to 'pip {' '.join(other)}'")

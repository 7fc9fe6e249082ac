"""`pip install ARGUMENTS`, with a line for every large file in place of none or hundreds."""

from __future__ import annotations

import re
import subprocess
import sys
import time

_FILE = re.compile(r"\s*(?:Downloading|Using cached) (\S+) \((\d+(?:\.\d+)?) MB\)")


def main() -> int:
    begin, packages = time.monotonic(), 0
    command = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "off"]
    with subprocess.Popen([*command, *sys.argv[1:]], stdout=subprocess.PIPE, text=True) as pip:
        for line in pip.stdout or ():
            if file := _FILE.match(line):
                print(f"  {file[1].rpartition('/')[2]} ({file[2]} MB)", flush=True)
            elif line.startswith("Successfully installed"):
                packages = len(line.split()) - 2
    if pip.returncode == 0:
        print(f"  {packages} packages in {time.monotonic() - begin:.0f} s", flush=True)
    return pip.returncode


if __name__ == "__main__":
    sys.exit(main())

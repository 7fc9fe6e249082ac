"""`python tests/standin up --yes …`, from any folder."""

import sys
from pathlib import Path

if __name__ == "__main__":
    here = Path(__file__).resolve().parent
    # Not this folder itself: it has modules that are called as some of Python's own.
    sys.path[:] = [str(here.parent), *(path for path in sys.path if Path(path or ".").resolve() != here)]
    from standin.cli import main

    sys.exit(main())

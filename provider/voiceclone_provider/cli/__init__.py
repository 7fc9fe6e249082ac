"""The commands that people run: `discover` and `to-plugin`. Imports everything but the servers."""

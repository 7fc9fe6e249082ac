"""The commands that people run: `discover`, `to-plugin` and `verify`. Imports everything but the servers."""

"""The commands that people run, a module or a package each. Imports everything but the servers."""

"""The commands that people run, each in a module or a package of its own. Imports everything but the servers."""

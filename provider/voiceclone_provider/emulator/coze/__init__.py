"""Coze: clone and list, and how the list shows a voice. Imports `core`, and nothing else of the emulator."""

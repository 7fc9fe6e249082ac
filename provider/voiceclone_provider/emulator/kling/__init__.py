"""Kling: tasks and their voices, callbacks, presets and videos, and the check of its token. Imports `core`,
and nothing else of the emulator.
"""

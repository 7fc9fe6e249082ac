"""Qiniu: slots, their trainings, and quotas. Imports `core`, and nothing else of the emulator."""

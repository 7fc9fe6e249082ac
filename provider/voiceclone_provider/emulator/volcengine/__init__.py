"""Volcengine: the voice API, the console API with its signature, and the slots behind both. Imports `core`,
and nothing else of the emulator.
"""

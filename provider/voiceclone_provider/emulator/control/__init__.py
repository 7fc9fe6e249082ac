"""The control API under `/_emulator/`, the state it shows, its previews and its web page. Imports `core` and
the registry of vendors, and knows a vendor only by what its class declares.
"""

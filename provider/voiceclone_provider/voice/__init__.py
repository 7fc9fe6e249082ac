"""One voice: its state, its fingerprint and names, and what this machine remembers of it beside the state
(journal, ownership). Imports `core` and `vendors`; calls no vendor.
"""

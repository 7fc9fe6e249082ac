"""One vendor account, shared by all its resources in this process: configuration, connection, listings and
the poller of its trainings. Imports `core`, `vendors` and `voice`.
"""

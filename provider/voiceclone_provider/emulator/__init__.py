"""The four vendors' HTTP APIs on one local port: a second, independent reading of their pages.

Nothing here is imported from the provider, so that one misreading cannot hide in both.
"""

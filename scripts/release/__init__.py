"""Builds what a release publishes: plugin archives, SDKs, the Python package, bills of materials, checksums.

`python -m release` (with `scripts` on the module path), or `make release-archives`.
"""

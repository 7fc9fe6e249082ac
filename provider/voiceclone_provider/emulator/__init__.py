"""The vendors' HTTP APIs on one local port: a second, independent reading of their pages. Here are the server
(`server`, `app`, `replies`) and the `registry` of vendors; a vendor has a folder, `core` is what they share,
`control` is the control API. Nothing here is imported from the provider, so that one misreading cannot hide
in both.
"""

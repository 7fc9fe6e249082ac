"""`verify`: which side of each contradiction in a vendor's documentation the vendor itself takes.

`command` is the command line, `walk` sends the requests, `record` keeps what was exchanged, `questions` makes
the table. Each vendor's contradictions are data in a module of its own; `subjects` names them.
"""

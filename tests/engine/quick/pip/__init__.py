"""What Pulumi's runner of Python programs asks pip before each command, answered without loading pip.

That takes pip a second, and the answer is always the same. The test of the example asks pip itself.
"""

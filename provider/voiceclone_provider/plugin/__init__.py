"""The face Pulumi's engine talks to: a gRPC server that translates and calls the lifecycle.

Imports `lifecycle` and what is below it; the HTTP client and the models only when they are first needed.
"""

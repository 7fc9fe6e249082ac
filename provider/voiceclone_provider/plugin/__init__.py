"""The face Pulumi's engine talks to: a gRPC server that translates and calls the lifecycle."""

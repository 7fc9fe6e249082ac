"""The real Pulumi CLI, against the emulator."""

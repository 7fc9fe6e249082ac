"""What breaks on the way to a vendor and back, with the real CLI."""

"""Long sequences of commands, on the engine's stand-in: what no single case would think of."""

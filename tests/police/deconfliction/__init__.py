"""Hit or no hit between nodes."""

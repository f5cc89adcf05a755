"""How long what came under an agreement is kept: its review, its end, and the proof to its sender."""

"""Each known address of material and what became of it."""

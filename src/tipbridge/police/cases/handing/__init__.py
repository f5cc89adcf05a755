"""A case on its way to another unit, and who is on its list."""

"""Lists that nobody keeps any more: told to whoever supervises the unit, who takes them over."""

"""What votes say of all entries of a list."""

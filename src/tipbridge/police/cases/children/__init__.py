"""A child's own file in a case, with a list of its own."""

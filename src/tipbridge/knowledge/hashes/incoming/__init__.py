"""A file on its way into a version of a list."""

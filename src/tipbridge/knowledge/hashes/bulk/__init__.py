"""Whole versions of lists, as they leave the database: millions of rows without a loop for each."""

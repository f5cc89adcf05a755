"""Tasks over all cases that somebody sees: whose they are, which are overdue, and their days."""

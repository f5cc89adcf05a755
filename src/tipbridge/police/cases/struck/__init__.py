"""People who were brought into a case by mistake, and struck out of it."""

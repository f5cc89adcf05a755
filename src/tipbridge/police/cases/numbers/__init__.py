"""The numbers that other agencies give a case."""

"""Types of the part of isal that this project uses (the wheel's own are not whole)."""

"""What people approve before it leaves: what waits, and who approved which content."""

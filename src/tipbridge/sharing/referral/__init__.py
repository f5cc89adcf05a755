"""What goes to whom, under which agreement or request."""

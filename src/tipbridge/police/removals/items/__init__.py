"""What is at a place: its digest, how staff classify it, and the lists it was offered to."""

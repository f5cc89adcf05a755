"""What each party of an agreement says to the other of its own suspensions."""

"""What is done for a child in a case, whatever the child did."""

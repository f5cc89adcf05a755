"""What became of every filing: the list, each one whole, and the receipts."""

"""What was recorded of a place by mistake, and is taken back."""

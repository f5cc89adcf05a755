"""What is written on seized things, compared with what other cases know."""

"""What was known of a person before, and facts that turn out not to be known."""

"""Files: what they hash to with all they hold, and what is known of them."""

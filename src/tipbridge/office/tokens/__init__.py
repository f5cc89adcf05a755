"""Access tokens at the desk: made, listed, ended."""

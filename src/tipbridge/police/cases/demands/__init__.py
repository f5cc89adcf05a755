"""What police ask of providers and others by law: drafted, sent, answered, refused, expired."""

"""What we know before any tip arrives: mostly pure, versioned, cited."""

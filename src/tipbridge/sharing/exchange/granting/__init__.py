"""What this node let a peer send: granted requests, and the classes of data it asked for."""

"""How hosts are reached, and which may be checked."""

"""Events, the RFC 9162 Merkle log and its signed checkpoints."""

"""The queue in the caller's transaction and its worker."""

"""The sandboxed process in which hostile bytes are decoded."""

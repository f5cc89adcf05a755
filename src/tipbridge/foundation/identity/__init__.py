"""This node's id and keys: signing and sealing, without a database."""

"""How peers stand: who is slow or away, and whose clock differs."""

"""The refusals of retention."""

from tipbridge.foundation.base.errors import Conflict


class Held(Conflict):
    """A hold stands already, or none does that could be lifted."""

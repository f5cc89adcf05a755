"""Refusals of the welfare room."""

from tipbridge.foundation.base.errors import Conflict


class ContactFirst(Conflict):
    """A coercive step on a child comes after contact, or with a recorded reason."""

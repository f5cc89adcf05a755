"""The refusals of cases."""

from tipbridge.foundation.base.errors import Conflict


class AlreadyErased(Conflict):
    """Everything of the case was erased; nothing new goes into it."""


class StruckOut(Conflict):
    """The person was struck out of the case; nothing new is said of them there."""

"""Refusals of the welfare room."""

from tipbridge.foundation.base.errors import Conflict, Invalid


class ContactFirst(Conflict):
    """A coercive step on a child comes after contact, or with a recorded reason."""


class WronglySuspected(Conflict):
    """Nothing is done any more against the will of who was corrected as the wrong person."""


class NotAccusable(Conflict):
    """Nobody is booked, held or arrested whom the law allows to accuse in no way."""


class MayBeMinor(Conflict):
    """Nobody's record ends as not a minor's while their recorded birth says otherwise."""


class AgencyMissing(Invalid):
    """Contact is made with an agency that has a name."""

"""The refusals of the agreements room."""

from typing import ClassVar

from tipbridge.foundation.base.errors import Conflict, Invalid, Kind, TipbridgeError


class NotAnAgreement(Invalid):
    """The document does not say what an agreement must say."""


class Overlaps(Conflict):
    """Another agreement between the same parties already covers part of this."""


class NoAgreement(TipbridgeError):
    """Nothing allows this release; a case-by-case request may be opened instead."""

    kind: ClassVar[Kind] = Kind.NO_AGREEMENT

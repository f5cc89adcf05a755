"""What the sharing of hashes refuses."""

from tipbridge.foundation.base.errors import Conflict, Forbidden, Invalid, Kind, TipbridgeError


class UnfitDocument(Invalid):
    """A document can't be read, or says what it may not; the text names line and place."""


class TooLong(TipbridgeError):
    """The body is longer than is taken."""

    kind = Kind.LIMIT


class NotAMember(Forbidden):
    """The credential is a provider's, but that provider does not share hashes here."""

    def __init__(self) -> None:
        super().__init__("This provider is not a member of hash sharing here; ask its operator.")


class EntryConflict(Conflict):
    """A change does not go with what is kept of the entry."""

"""What the exchange refuses."""

from typing import ClassVar

from tipbridge.foundation.base.errors import (
    Conflict,
    IntegrityFailure,
    Kind,
    TipbridgeError,
    Unavailable,
)


def damaged() -> IntegrityFailure:
    """The one refusal of every package that is not exactly what a pinned peer sealed to us."""
    return IntegrityFailure("This is not a package for this node from a node it knows.")


class NotCovered(TipbridgeError):
    """No agreement or granted request covers this package now."""

    kind: ClassVar[Kind] = Kind.NO_AGREEMENT


class NotYet(Unavailable):
    """A verified package whose agreement begins later, by this node's clock: not now, not never."""


class AnotherContent(Conflict):
    """A package id that was received before, with other content."""

"""The one family of expected refusals."""

from enum import StrEnum
from typing import ClassVar


class Kind(StrEnum):
    """Closed kinds of refusal; each door maps a kind once."""

    INVALID = "invalid"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not-found"
    CONFLICT = "conflict"
    NO_AGREEMENT = "no-agreement"
    LIMIT = "limit"
    TOO_OFTEN = "too-often"
    INTEGRITY = "integrity"
    UNAVAILABLE = "unavailable"


class TipbridgeError(Exception):
    """An expected refusal. `public` may be shown; `detail` goes to the log, ids only."""

    kind: ClassVar[Kind] = Kind.INVALID

    def __init__(self, public: str, **detail: str) -> None:
        super().__init__(public)
        self.public, self.detail = public, detail


class Invalid(TipbridgeError):
    """What was given does not fit; `public` names what, where and what is allowed."""

    kind = Kind.INVALID


class NotFound(TipbridgeError):
    """No such thing for this actor; "not yours" looks exactly the same (law 11)."""

    kind = Kind.NOT_FOUND

    def __init__(self, noun: str, id_: str) -> None:
        super().__init__(f"No {noun} {id_}.", noun=noun, id=id_)


class Forbidden(TipbridgeError):
    """The actor's roles do not allow this verb."""

    kind = Kind.FORBIDDEN


class Conflict(TipbridgeError):
    """The thing is no longer in a state that allows this verb."""

    kind = Kind.CONFLICT


class IntegrityFailure(TipbridgeError):
    """Bytes do not match what was signed, counted or stored."""

    kind = Kind.INTEGRITY


class Unavailable(TipbridgeError):
    """Something this needs is not there now; trying again may help."""

    kind = Kind.UNAVAILABLE


class OutcomeUnknown(Unavailable):
    """The database was lost while it committed: what was asked may be done, or not.

    Nothing is taken back, since a row may already rely on it.
    """

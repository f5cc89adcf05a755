"""The desk's refusals."""

from tipbridge.foundation.base.errors import Kind, TipbridgeError


class SignInRefused(TipbridgeError):
    """Name and password do not open a session; says never which of them is wrong."""

    kind = Kind.UNAUTHENTICATED

    def __init__(self, *, username: str) -> None:
        super().__init__("This username and password do not sign in.")
        self.username = username

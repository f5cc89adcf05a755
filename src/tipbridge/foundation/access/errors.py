"""What the doors refuse before anybody is let in."""

from tipbridge.foundation.base.errors import Kind, TipbridgeError


class NotAProvider(TipbridgeError):
    """No valid credential of a provider came with the request."""

    kind = Kind.UNAUTHENTICATED

"""What goes wrong when something is to be matched."""

from tipbridge.foundation.base.errors import Conflict, Kind, TipbridgeError


class NotAScanner(TipbridgeError):
    """No token of a scanner that may still ask."""

    kind = Kind.UNAUTHENTICATED


class ScannerNameTaken(Conflict):
    """Another scanner has, or had, this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is, or was, a scanner named {name}; choose another name.")

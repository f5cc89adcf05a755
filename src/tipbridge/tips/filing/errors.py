"""What goes wrong when a report is filed."""

from tipbridge.foundation.base.errors import Conflict, Unavailable


class FilingRefused(Conflict):
    """The clearinghouse answered, and refused; `code` is its answer code."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(f"The clearinghouse refused: {code} {description}", code=str(code))
        self.code = code


class ClearinghouseSilent(Unavailable):
    """No answer that can be read came, after every try."""

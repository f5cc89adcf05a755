"""What goes wrong when a report is filed."""

from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound, Unavailable


class FilingRefused(Conflict):
    """The clearinghouse answered, and refused; `code` is its answer code."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(f"The clearinghouse refused: {code} {description}", code=str(code))
        self.code = code


class ClearinghouseSilent(Unavailable):
    """No answer that can be read came, after every try."""


class NoSuchFiling(NotFound):
    """No filing with this id for this actor; another unit's looks the same."""

    def __init__(self, filing_id: str) -> None:
        super().__init__("filing", filing_id)


class NoCredential(Invalid):
    """No credential for a clearinghouse is in the environment or the credentials file."""

    def __init__(self, url: str, *, sandbox: bool) -> None:
        kind = "sandbox credential" if sandbox else "credential"
        mark = ", and TIPBRIDGE_FILING_SANDBOX=true" if sandbox else ""
        super().__init__(
            f"No {kind} for {url}: set TIPBRIDGE_FILING_URL, _USERNAME and _PASSWORD{mark}, or name"
            " it in the file that filing_credentials_file points at."
        )


class WrongState(Conflict):
    """The filing stands where this can't be done."""

    def __init__(self, filing_id: str, state: str, wanted: str) -> None:
        super().__init__(f"This filing is {state}; only {wanted} can be changed so.", id=filing_id)

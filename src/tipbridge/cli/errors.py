"""Kind of refusal → exit code: the one table of the command line."""

from tipbridge.foundation.base.errors import Kind, TipbridgeError

EXIT_CODES = {
    Kind.INVALID: 2,
    Kind.UNAUTHENTICATED: 3,
    Kind.FORBIDDEN: 3,
    Kind.NOT_FOUND: 4,
    Kind.CONFLICT: 5,
    Kind.NO_AGREEMENT: 6,
    Kind.LIMIT: 7,
    Kind.TOO_OFTEN: 7,
    Kind.INTEGRITY: 8,
    Kind.UNAVAILABLE: 9,
}
FAULT = 70
"""A fault of the program, as sysexits.h names it (EX_SOFTWARE); its trace is on standard error."""


def exit_code(error: TipbridgeError) -> int:
    """The exit code of a refusal."""
    return EXIT_CODES[error.kind]

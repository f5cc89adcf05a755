"""How a list file is read."""

import hashlib

import pytest

from tipbridge.knowledge.hashes.model import DigestKind, Entry, Reject, Trivial
from tipbridge.knowledge.hashes.rules import read_line

SOME = hashlib.sha256(b"synthetic").hexdigest()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (SOME, DigestKind.SHA256),
        (SOME[:40].upper(), DigestKind.SHA1),
        (SOME[:32], DigestKind.MD5),
    ],
)
def test_kind_is_told_by_length_and_case_does_not_matter(text: str, kind: DigestKind) -> None:
    """A digest reads the same in upper and lower case."""
    assert read_line(3, text) == Entry(kind=kind, digest=bytes.fromhex(text))


def test_a_mark_may_follow_the_digest() -> None:
    """The list's own word for a file is kept."""
    entry = read_line(2, f"{SOME},A1\n")
    assert isinstance(entry, Entry)
    assert entry.mark == "A1"


@pytest.mark.parametrize("text", ["", "   \n", "# made by a test"])
def test_blank_lines_and_comments_hold_nothing(text: str) -> None:
    """They are neither entries nor rejects."""
    assert read_line(5, text) is None


def test_only_the_first_line_may_be_a_header() -> None:
    """Further down, the same word is a reject with its line number."""
    assert read_line(1, "sha256,mark") is None
    assert read_line(2, "sha256,mark") == Reject(
        line=2, reason="not an MD5, SHA-1 or SHA-256 in hexadecimal"
    )


@pytest.mark.parametrize("text", [SOME[:-1], SOME + "0", "g" * 64, f"{SOME},{'x' * 65}"])
def test_what_is_no_digest_is_rejected_by_line(text: str) -> None:
    """A wrong length, a wrong letter or an endless mark is never guessed at."""
    found = read_line(7, text)
    assert isinstance(found, Reject)
    assert found.line == 7


@pytest.mark.parametrize("data", [b"", b"\n", bytes(512)])
def test_files_without_content_are_refused_as_trivial(data: bytes) -> None:
    """An empty file on a list would make every empty file a hit."""
    for algorithm in ("md5", "sha1", "sha256"):
        digest = hashlib.new(algorithm, data).hexdigest()
        assert isinstance(read_line(2, digest), Trivial)

"""Who may activate, what votes say, which lists answer providers."""

import pytest

from tipbridge.knowledge.hashes.model import (
    Confidence,
    DigestKind,
    Entry,
    Handling,
    ListPurpose,
)
from tipbridge.knowledge.hashes.rules import (
    confidence_of,
    may_activate,
    read_digest,
    told_to_providers,
    triviality,
    written_digest,
)


def test_three_undisputed_votes_of_different_voters_are_trusted() -> None:
    yes = [(f"agency-{number}", True) for number in range(3)]
    assert confidence_of([]) is Confidence.UNVOTED
    assert confidence_of(yes[:2]) is Confidence.OPEN
    assert confidence_of(yes) is Confidence.TRUSTED
    assert confidence_of([*yes, ("agency-9", False)]) is Confidence.DISPUTED


def test_one_voter_three_times_is_one_vote_and_the_newest_counts() -> None:
    assert confidence_of([("agency-1", True)] * 3) is Confidence.OPEN
    assert confidence_of([("agency-1", False), ("agency-1", True)]) is Confidence.OPEN


def test_only_a_named_second_person_may_activate() -> None:
    assert may_activate({"one"}, "two", nobody="console") is None
    assert may_activate({"one", "two"}, "two", nobody="console") is not None
    assert may_activate({"one"}, "console", nobody="console") is not None


@pytest.mark.parametrize("handling", Handling)
@pytest.mark.parametrize("purpose", ListPurpose)
def test_providers_learn_of_known_material_that_may_leave_and_nothing_else(
    purpose: ListPurpose, handling: Handling
) -> None:
    expected = purpose in ("known-material", "viral-material") and handling in (
        "TLP:AMBER", "TLP:GREEN", "TLP:CLEAR",
    )  # fmt: skip
    assert told_to_providers(purpose, handling) is expected


@pytest.mark.parametrize("kind", DigestKind)
def test_a_digest_is_written_as_it_is_read(kind: DigestKind) -> None:
    text = {"md5": "0a" * 16, "sha1": "0a" * 20}.get(kind, "0a" * 32)
    digest = read_digest(kind, text)
    assert digest is not None
    assert written_digest(kind, digest) == text
    assert read_digest(kind, "") is None


def test_a_picture_of_unknown_quality_is_kept_and_one_below_fifty_is_not() -> None:
    def what(quality: int | None) -> str | None:
        return triviality(Entry(kind=DigestKind.PDQ, digest=b"\x0f" * 32, quality=quality))

    assert what(None) is None
    assert what(50) is None
    assert what(49) == "picture of quality below 50"

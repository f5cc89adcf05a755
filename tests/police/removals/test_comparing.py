"""Comparing a file: under an authority only, inside the box, and its bytes are kept nowhere."""

import hashlib
from dataclasses import replace
from datetime import date

import pytest

from tests.nodes import CONSOLE
from tests.police.cases.builders import account_parts, part, taken
from tests.police.removals.places import clock, file_of, know, near
from tests.police.removals.servers import Site, site
from tests.sharing.net import audit
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.base.errors import Conflict, Invalid
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.cases import store as cases_store
from tipbridge.police.removals import actions, store
from tipbridge.police.removals.actions import record_state
from tipbridge.police.removals.compared import actions as comparing
from tipbridge.police.removals.model import (
    Comparison,
    ComparisonOutcome,
    PlaceForm,
    Removal,
    RemovalState,
)

BYTES = b"synthetic file " * 70_000  # longer than one chunk and than a pipe
PATH = "/posts/1"


def _place(node: Node, host: Site, data: bytes = BYTES) -> Removal:
    """A place that a referral names, with the digest of the file that was there."""
    clock(node, 2014, 6, 2, 3)
    digests = {"sha256": hashlib.sha256(data).hexdigest(), "sha1": None, "md5": None}
    reported = part("files/0/digests", digests | {"size_bytes": len(data)})
    case_id = taken(node, [*account_parts(), reported]).case_id
    know(node, host.host, checks=True)
    with open_work(node, WORKER) as work:
        (referral,) = cases_store.referrals_of(work.db, case_id)
        address = host.place(PATH)
        removal = actions.new_removal(work, case_id, address, form=PlaceForm.URL, host=host.host)
        removal = replace(removal, referral_id=referral.referral_id, label="files/0/address")
        assert store.insert_removal(work.db, removal, address)
    return removal


def _authorised(node: Node, removal: Removal, until: date = date(2014, 6, 30)) -> None:
    with open_work(node, CONSOLE) as work:
        comparing.record_authority(work, removal.id, words="Synthetic warrant 2014-1", until=until)


def _compare(node: Node, removal: Removal) -> Comparison:
    with open_work(near(node), CONSOLE) as work:
        return comparing.compare_digest(work, removal.id)


def _kept_anywhere(node: Node, data: bytes) -> list[str]:
    """Every file of the node's folder in which a piece of the data stands."""
    piece = data[:60]
    return [
        str(path) for path in node.data.rglob("*") if path.is_file() and piece in path.read_bytes()
    ]


def test_without_an_authority_nothing_is_fetched_and_the_refusal_is_recorded(node: Node) -> None:
    with site() as host:
        removal = _place(node, host)
        with pytest.raises(Conflict, match="legal authority"):
            _compare(node, removal)
        _authorised(node, removal, until=date(2014, 6, 2))
        clock(node, 2014, 6, 3, 3)
        with pytest.raises(Conflict, match="legal authority"):
            _compare(node, removal)
        assert host.asked == []
    assert file_of(node, removal).comparisons == ()
    refused = [
        facts for _, _, facts in audit(node) if "compare_digest" in str(facts.get("action", ""))
    ]
    assert len(refused) == 2


def test_the_same_file_is_told_and_its_bytes_are_kept_nowhere(node: Node) -> None:
    with site() as host:
        host.contents[PATH] = BYTES
        removal = _place(node, host)
        _authorised(node, removal)
        found = _compare(node, removal)
        assert [(method, path) for method, path, _ in host.asked] == [("GET", PATH)]
    assert (found.outcome, found.status, found.size_bytes) == (
        ComparisonOutcome.SAME,
        200,
        len(BYTES),
    )
    seen = file_of(node, removal)
    assert seen.removal.state is RemovalState.LIVE
    assert seen.steps[-1].source.value == "comparison"
    assert seen.comparisons == (found,)
    assert [each.words for each in seen.authorities] == ["Synthetic warrant 2014-1"]
    assert _kept_anywhere(node, BYTES) == []
    assert BYTES[:60] not in repr(seen).encode()


def test_what_was_called_removed_and_is_the_same_file_has_reappeared(node: Node) -> None:
    with site() as host:
        host.contents[PATH] = BYTES
        removal = _place(node, host)
        _authorised(node, removal)
        with open_work(node, CONSOLE) as work:
            record_state(work, removal.id, RemovalState.REMOVED)
        assert _compare(node, removal).outcome is ComparisonOutcome.SAME
    assert file_of(node, removal).removal.state is RemovalState.REAPPEARED


@pytest.mark.parametrize(
    ("status", "content", "outcome"),
    [
        (200, b"a polite page that says not found", ComparisonOutcome.OTHER),
        (200, b"", ComparisonOutcome.OTHER),
        (404, BYTES, ComparisonOutcome.GONE),
        (302, BYTES, ComparisonOutcome.UNCLEAR),
        (500, BYTES, ComparisonOutcome.UNCLEAR),
    ],
)
def test_another_answer_changes_no_state_by_itself(
    node: Node, status: int, content: bytes, outcome: ComparisonOutcome
) -> None:
    with site() as host:
        host.contents[PATH], host.statuses[PATH] = content, status
        removal = _place(node, host)
        _authorised(node, removal)
        found = _compare(node, removal)
        assert len(host.asked) == 1
    assert (found.outcome, found.status) == (outcome, status)
    assert file_of(node, removal).removal.state is RemovalState.UNKNOWN


def test_a_host_off_the_list_is_not_asked_though_an_authority_is_there(node: Node) -> None:
    with site() as host:
        removal = _place(node, host)
        know(node, host.host, checks=False)
        _authorised(node, removal)
        assert _compare(node, removal).outcome is ComparisonOutcome.NOT_ASKED
        assert host.asked == []


def test_a_private_network_is_not_asked(node: Node) -> None:
    with site() as host:
        removal = _place(node, host)
        _authorised(node, removal)
        with open_work(node, CONSOLE) as work:
            found = comparing.compare_digest(work, removal.id)
        assert (found.outcome, host.asked) == (ComparisonOutcome.NOT_ASKED, [])


@pytest.mark.parametrize(
    ("words", "until"),
    [("", date(2014, 6, 30)), ("x" * 501, date(2014, 6, 30)), ("x", date(2014, 6, 1))],
)
def test_an_authority_names_itself_and_a_day_to_come(node: Node, words: str, until: date) -> None:
    with site() as host:
        removal = _place(node, host)
        with pytest.raises(Invalid), open_work(node, CONSOLE) as work:
            comparing.record_authority(work, removal.id, words=words, until=until)
    assert file_of(node, removal).authorities == ()

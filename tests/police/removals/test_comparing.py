"""Comparing a file: under an authority only, inside the box, and its bytes are kept nowhere."""

import hashlib
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from tests.databases import fresh_database
from tests.nodes import CONSOLE, build_node
from tests.police.cases.builders import account_parts, part, taken
from tests.police.removals.places import clock, file_of, know, near
from tests.police.removals.servers import Site, site
from tests.sharing.net import audit
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.base.errors import Conflict, Invalid
from tipbridge.foundation.node import Node
from tipbridge.foundation.storage.launcher import Server
from tipbridge.foundation.work import open_work
from tipbridge.police.cases import store as cases_store
from tipbridge.police.removals import actions, store
from tipbridge.police.removals.compared import actions as comparing
from tipbridge.police.removals.items import store as items
from tipbridge.police.removals.model import (
    Comparison,
    ComparisonOutcome,
    PlaceForm,
    Removal,
    RemovalState,
)
from tipbridge.police.removals.moving import record_state

BYTES = b"synthetic file " * 70_000  # longer than one chunk and than a pipe
PATH = "/posts/1"


def _place(node: Node, host: Site, data: bytes = BYTES) -> Removal:
    """A place that a referral names, with the digest of the file that was there."""
    clock(node, 2014, 6, 2, 3)
    sha256 = hashlib.sha256(data).hexdigest()
    digests = {"sha256": sha256, "sha1": None, "md5": None, "size_bytes": len(data)}
    reported = part("files/0/digests", digests)
    case_id = taken(node, [*account_parts(), reported]).case_id
    know(node, host.host, checks=True)
    with open_work(node, WORKER) as work:
        (referral,) = cases_store.referrals_of(work.db, case_id)
        address = host.place(PATH)
        removal = actions.new_removal(work, case_id, address, form=PlaceForm.URL, host=host.host)
        removal = replace(removal, referral_id=referral.referral_id, label="files/0/address")
        assert store.insert_removal(work.db, removal, address)
        items.report_item(work.db, case_id, address, sha256)
    return removal


def _authorised(node: Node, removal: Removal, until: date = date(2014, 6, 30)) -> None:
    with open_work(node, CONSOLE) as work:
        comparing.record_authority(work, removal.id, words="Synthetic warrant 2014-1", until=until)


def _compare(node: Node, removal: Removal) -> Comparison:
    with open_work(near(node), CONSOLE) as work:
        return comparing.compare_digest(work, removal.id)


PIECE = BYTES[5000:5060]
"""What tells these bytes from all others, wherever they would be written."""


def _kept_anywhere(node: Node, folder: Path, owner: Engine) -> list[str]:
    """Where a piece of the bytes stands: node, vault (opened), temporary files, logs, database."""
    found = [
        str(path)
        for root in (node.data, folder)
        for path in root.rglob("*")
        if path.is_file() and PIECE in path.read_bytes()
    ]
    with owner.connect() as db:
        tables = db.execute(
            text(
                "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
                " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
            )
        ).scalars()
        # As text, and as the hexadecimal digits in which a row shows bytes.
        shapes = {"plain": f"%{PIECE.decode()}%", "digits": f"%{PIECE.hex()}%"}
        for table in tables.all():
            row = f"SELECT 1 FROM {table} AS t WHERE t::text LIKE :plain OR t::text LIKE :digits"
            if db.execute(text(f"{row} LIMIT 1"), shapes).first():
                found.append(str(table))
    return found


def test_without_an_authority_nothing_is_fetched_and_the_refusal_is_recorded(node: Node) -> None:
    with site() as host:
        removal = _place(node, host)
        with pytest.raises(Conflict, match="legal authority"):
            _compare(node, removal)
        _authorised(node, removal, until=date(2014, 6, 2))
        clock(node, 2014, 6, 2, 15)  # in Seoul the day of the authority is over
        with pytest.raises(Conflict, match="legal authority"):
            _compare(node, removal)
        assert host.asked == []
    assert file_of(node, removal).comparisons == ()
    refused = [
        facts for _, _, facts in audit(node) if "compare_digest" in str(facts.get("action", ""))
    ]
    assert len(refused) == 2


def test_the_same_file_is_told_and_its_bytes_are_kept_nowhere(
    server: Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    with fresh_database(server) as database:
        node = build_node(tmp_path / "node", database, node_id="kr.police")
        spools = tmp_path / "temporary"
        spools.mkdir()
        for name in ("TMPDIR", "TEMP", "TMP"):  # of this process and of the box's
            monkeypatch.setenv(name, str(spools))
        monkeypatch.setattr(tempfile, "tempdir", str(spools))
        (tmp_path / "planted").write_bytes(b"before " + BYTES)
        assert _kept_anywhere(node, tmp_path, database.owner) == [str(tmp_path / "planted")]
        (tmp_path / "planted").unlink()
        with caplog.at_level(0):
            _compared_whole(node)
        assert _kept_anywhere(node, tmp_path, database.owner) == []
        printed = "".join(capfd.readouterr())
        assert PIECE.decode() not in printed + caplog.text
        with database.owner.begin() as db:  # and what lay there would be found
            db.execute(text("CREATE TABLE planted AS SELECT :b ::bytea AS said"), {"b": BYTES})
        assert _kept_anywhere(node, tmp_path, database.owner) == ["public.planted"]


def _compared_whole(node: Node) -> None:
    """A file is fetched and compared, and all that is known of it read back."""
    with site() as host:
        host.contents[PATH] = BYTES
        removal = _place(node, host)
        _authorised(node, removal)
        sealed = {path for path in (node.data / "vault").rglob("*") if path.is_file()}
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
    assert PIECE not in repr(seen).encode()
    # What is sealed can't be searched: nothing was sealed.
    assert {path for path in (node.data / "vault").rglob("*") if path.is_file()} == sealed


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

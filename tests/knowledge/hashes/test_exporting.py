"""`tipbridge lists export`: the file is whole and recorded, or it is not there."""

import contextlib
import gc
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from typer.testing import CliRunner

from tests.databases import Database
from tests.knowledge.hashes.lists import events, listed
from tests.knowledge.hashsharing.sharing import MD5
from tests.nodes import add_staff, build_node
from tipbridge.__main__ import cli
from tipbridge.foundation.base.actors import Actor, Role
from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.node import Node
from tipbridge.foundation.storage.launcher import APP_ROLE, Server
from tipbridge.office import terminal

SHA1 = "17" * 20


@pytest.fixture
def filed(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Node:
    """A node with a list in effect, which commands open in place of one by its folder."""
    node = build_node(tmp_path / "node", database, node_id="us.clearing")

    @contextlib.contextmanager
    def opened(_: Path) -> Iterator[tuple[Node, Server]]:
        yield node, Server(owner_url=database.owner_url, app_url=database.app_url)

    monkeypatch.setattr(terminal, "_opened", opened)
    listed(node, "known", "md5,sha1,item,mark", f"{MD5},{SHA1},7,2")
    return node


def export(node: Node, actor: Actor, out: Path, form: str = "vics") -> dict[str, object]:
    words = ["lists", "export", "known", "--out", str(out), "--form", form, "--as", actor.name]
    words += ["--data", str(node.data), "--json"]
    done = CliRunner().invoke(cli, words, standalone_mode=False)
    if done.exception is not None:
        raise done.exception
    return json.loads(done.stdout)


def test_an_export_is_whole_in_order_of_items_and_counts_what_it_loses(filed, tmp_path) -> None:
    analyst, out = add_staff(filed, Role.ANALYST), tmp_path / "out.json"
    told = export(filed, analyst, out)
    assert (told["size_bytes"], told["left_out"], told["lost"]) == (out.stat().st_size, {}, {})
    (medium,) = json.loads(out.read_bytes())["value"]
    assert (medium["MediaID"], medium["Category"], medium["SHA1"]) == (7, 2, SHA1)
    assert medium["MD5"] == MD5.upper()
    with pytest.raises(Invalid, match="it is there already"):
        export(filed, analyst, out)
    assert export(filed, analyst, tmp_path / "out.txt", "text")["lost"] == {"item": 2}


def test_an_export_that_cannot_be_recorded_leaves_no_file(filed, database, tmp_path) -> None:
    analyst, folder = add_staff(filed, Role.ANALYST), tmp_path / "out"
    folder.mkdir()
    with database.owner.begin() as db:
        db.execute(text(f"REVOKE INSERT ON audit_events, audit_pending FROM {APP_ROLE}"))
    with pytest.raises(ProgrammingError, match="permission denied"):
        export(filed, analyst, folder / "known.json")
    assert list(folder.iterdir()) == []


def test_an_export_that_breaks_off_leaves_no_file_and_no_record(filed, database, tmp_path) -> None:
    analyst, folder = add_staff(filed, Role.ANALYST), tmp_path / "out"
    folder.mkdir()
    with database.owner.begin() as db:
        db.execute(text("SET LOCAL tipbridge.actor_kind = 'system'"))
        db.execute(text("SET LOCAL tipbridge.actor = 'worker'"))
        db.execute(
            text(
                "INSERT INTO hash_list_entries (list_id, kind, digest, added_in)"
                " SELECT id, 'photodna', '\\xff', 1 FROM hash_lists"
            )
        )
    with pytest.raises(UnicodeDecodeError) as broken:
        export(filed, analyst, folder / "known.csv", "csv")
    assert list(folder.iterdir()) == []
    assert events(filed, "hashes.list.exported") == []
    with filed.engine.connect() as db:  # what it read by reaches into no later transaction
        assert db.execute(text("SELECT 1")).scalar_one() == 1
        del broken
        gc.collect()
        assert db.execute(text("SELECT 1")).scalar_one() == 1

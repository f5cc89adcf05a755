"""What a node refuses before it listens, and before it is made."""

from pathlib import Path

import pytest

from tests.databases import Database
from tests.nodes import build_node
from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.node import Profile, make_node, open_node
from tipbridge.up import up


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "node.example"])
@pytest.mark.parametrize("given", [{}, {"tls_certificate": Path("c")}, {"tls_key": Path("k")}])
def test_a_node_listens_beyond_loopback_with_tls_only(
    tmp_path: Path, host: str, given: dict[str, Path]
) -> None:
    with pytest.raises(Invalid, match="with TLS only"):
        up(tmp_path / "none", 8440, host=host, **given)


def test_no_node_is_made_or_opened_with_its_key_file_in_the_data_folder(
    tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "node"
    node = build_node(data, database)
    (data / "inside").mkdir()
    (tmp_path / "way").symlink_to(data / "inside")
    for inside in (data / "node.key", tmp_path / "way" / "node.key"):
        monkeypatch.setenv("TIPBRIDGE_KEY_FILE", str(inside))
        with pytest.raises(Invalid, match="lies inside the data folder"):
            open_node(data, node.engine)
    monkeypatch.setenv("TIPBRIDGE_KEY_FILE", str(tmp_path / "new" / "node.key"))
    with pytest.raises(Invalid, match="lies inside the data folder"):
        make_node(
            tmp_path / "new",
            node_id="us.new",
            name="New",
            profiles=frozenset({Profile.POLICE}),
            synthetic=True,
        )
    assert not (tmp_path / "new").exists()

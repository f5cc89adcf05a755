"""Which role a node refuses to run as: one that row-level security would not bind."""

import os
import pwd
import signal
from collections.abc import Generator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url

from tests.nodes import SERVER_FOLDER
from tests.watching import until
from tipbridge.app import running_node
from tipbridge.foundation.base.errors import Forbidden
from tipbridge.foundation.node import Profile, make_node
from tipbridge.foundation.storage.engine import raw_connection
from tipbridge.foundation.storage.ground import settle
from tipbridge.foundation.storage.launcher import Server, postmaster_pid, start_server

ADMIN = "tipbridge_admin"
TOO_MUCH = {
    "SUPERUSER": "is a superuser, owns the database, owns tables",
    "BYPASSRLS": "bypasses row-level security",
    "CREATEROLE": "may make roles",
}


@pytest.fixture(scope="module")
def own() -> Generator[tuple[Path, Server]]:
    """A node's data folder and its own server, whose hosts file lets this account be its admin."""
    data = Path(os.environ[SERVER_FOLDER]) / f"roles-{os.getpid()}"
    make_node(
        data,
        node_id="kr.roles",
        name="Roles",
        profiles=frozenset({Profile.POLICE}),
        synthetic=True,
    )
    data.chmod(0o711)
    server = start_server(data, scratch=True)
    account = pwd.getpwuid(os.geteuid()).pw_name
    home = settle(data).home
    with (home / "hosts.conf").open("a") as hosts:
        hosts.write(f"local all {ADMIN} peer map=tipbridge\n")
    with (home / "accounts.conf").open("a") as accounts:
        accounts.write(f'tipbridge "{account}" {ADMIN}\n')
    pid = postmaster_pid(settle(data))
    assert pid is not None
    os.kill(pid, signal.SIGHUP)
    yield data, server
    server.stop()


def as_admin(server: Server, statement: str) -> None:
    url = make_url(server.owner_url).set(username=ADMIN).render_as_string(hide_password=False)

    def let_in() -> bool:
        try:
            raw_connection(url).close()
        except psycopg.OperationalError:
            return False  # the server has not read its hosts file yet
        return True

    until(let_in)
    with raw_connection(url) as admin:
        admin.execute(statement.encode())


@pytest.mark.parametrize("right", TOO_MUCH)
def test_a_node_does_not_run_as_a_role_that_may_too_much(
    own: tuple[Path, Server], right: str
) -> None:
    data, server = own
    as_admin(server, f"ALTER ROLE tipbridge_app {right}")
    try:
        said = rf"^The runtime database role {TOO_MUCH[right]}; use a lesser one\.$"
        with pytest.raises(Forbidden, match=said), running_node(data):
            pass
    finally:
        as_admin(server, f"ALTER ROLE tipbridge_app NO{right}")

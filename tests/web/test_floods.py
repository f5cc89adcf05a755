"""One client's flood waits for itself: others are answered meanwhile, from the same few threads.

Each flood is made to stand still by a lock on a table that its work needs, so that what is counted
does not depend on how fast this machine is.
"""

import contextlib
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import httpx2
import pytest

from tests.databases import Database, fresh_database
from tests.knowledge.hashsharing.sharing import PASSWORD, image, submission
from tests.nodes import CONSOLE, build_node
from tests.tips.filing.listed import known_list
from tests.tips.intake.ispws import add_provider, client, code, open_report, served, upload
from tests.watching import until
from tests.web.pages import PASSWORD as OF_STAFF
from tests.web.pages import add_member
from tipbridge.app import build_app
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashsharing import actions as hashsharing
from tipbridge.tips.filing.scan import scanners
from tipbridge.web.turns import REQUESTS_AT_ONCE

FLOOD = 60
"""More than the forty threads of a web server, and than its connections to the database."""
DIGEST = "9e107d9d372bb6826bd81d3542a419d6"


@dataclass(frozen=True, kw_only=True)
class House:
    """A node that is platform and clearinghouse at once, behind a real server."""

    address: str
    database: Database
    token: str

    def member(self) -> httpx2.Client:
        return self.client(auth=("esp-one", PASSWORD))

    def service(self) -> httpx2.Client:
        return self.client(headers={"authorization": f"Bearer {self.token}"})

    def client(self, **more) -> httpx2.Client:
        limits = httpx2.Limits(max_connections=FLOOD)
        return httpx2.Client(
            base_url=self.address, timeout=300, trust_env=False, limits=limits, **more
        )


@pytest.fixture(scope="module")
def house(server, tmp_path_factory: pytest.TempPathFactory) -> Generator[House]:
    with fresh_database(server) as database:
        folder = tmp_path_factory.mktemp("flood")
        profiles = ("provider", "clearinghouse")
        node = build_node(folder / "node", database, profiles=profiles)
        for name in ("esp-one", "esp-two"):
            add_provider(node, name, name, PASSWORD)
        with open_work(node, CONSOLE) as work:
            for name in ("esp-one", "esp-two"):
                hashsharing.enrol_member(work, provider=name)
            token = scanners.add_scanner(work, name="upload-queue")
        known_list(node, [b"synthetic known"])
        add_member(node, "keeper", Role.ANALYST)
        with served(build_app(node)) as address:
            yield House(address=address, database=database, token=token)


@contextlib.contextmanager
def held(house: House, table: str) -> Generator[Callable[[], int]]:
    """A table that can't be written; how many wait for it, or for one who waits for it."""
    with house.database.owner.connect() as holder, house.database.owner.connect() as watcher:
        holder.exec_driver_sql(f"LOCK TABLE {table} IN EXCLUSIVE MODE")

        def waiting() -> int:
            query = (
                "SELECT count(DISTINCT pid) FROM pg_locks JOIN pg_stat_activity USING (pid)"
                " WHERE NOT granted AND datname = current_database()"
            )
            found = watcher.exec_driver_sql(query).scalar_one()
            watcher.rollback()
            return int(found)

        yield waiting
        holder.rollback()


def others_are_answered(house: House) -> None:
    """Another provider's whole report and hash sharing, and somebody at a page."""
    with client(house.address, "esp-two", PASSWORD) as esp:
        number = open_report(esp)
        assert code(upload(esp, number, b"synthetic")) == 0
        assert code(esp.post("/finish", data={"id": number})) == 0
    with house.client(auth=("esp-two", PASSWORD)) as two:
        assert two.get("/hashsharing/v2/members").status_code == 200
    with house.client() as desk:
        form = {"username": "keeper", "password": OF_STAFF}
        assert (
            desk.post("/sign-in", data=form, headers={"origin": house.address}).status_code == 303
        )
        page = desk.get("/filings", headers={"accept": "text/html"})
        assert page.status_code == 200


def flood(pool: ThreadPoolExecutor, ask: Callable[[int], httpx2.Response]) -> list[Future]:
    return [pool.submit(ask, number) for number in range(FLOOD)]


def test_a_member_who_floods_hash_sharing_waits_for_itself_alone(house: House) -> None:
    with house.member() as one, ThreadPoolExecutor(FLOOD) as pool:
        assert one.get("/hashsharing/v2/status").status_code == 200

        def submit(number: int) -> httpx2.Response:
            return one.post("/hashsharing/v2/entries", content=submission(image(f"e{number}")))

        with held(house, "hash_entries") as waiting:
            sent = flood(pool, submit)
            until(lambda: waiting() == REQUESTS_AT_ONCE, pause=0.02)
            others_are_answered(house)
            assert waiting() == REQUESTS_AT_ONCE, "no more of them, however many were sent"
            assert not any(each.done() for each in sent)
        assert {each.result().status_code for each in sent} == {200}


def test_a_service_that_floods_scans_waits_for_itself_alone(house: House) -> None:
    with house.service() as queue, ThreadPoolExecutor(FLOOD) as pool:

        def ask(_number: int) -> httpx2.Response:
            return queue.post("/scan", json={"digests": [DIGEST]})

        assert ask(0).status_code == 200
        with held(house, "scans") as waiting:
            sent = flood(pool, ask)
            until(lambda: waiting() == REQUESTS_AT_ONCE, pause=0.02)
            others_are_answered(house)
            assert waiting() == REQUESTS_AT_ONCE, "no more of them, however many were sent"
            assert not any(each.done() for each in sent)
        assert {each.result().status_code for each in sent} == {200}

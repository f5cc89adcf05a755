"""Look-ups over HTTP go on while lists are imported, activated, rebuilt and swapped."""

import threading

import httpx2

from tests.knowledge.hashes.lists import activated, events, listed, loaded
from tests.knowledge.hashes.test_matching import HEAD, MD5, PDQ, build, near
from tests.nodes import add_staff
from tests.tips.intake.ispws import add_provider
from tests.web.chromium import served
from tipbridge.app import build_app
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.clock import monotonic_seconds
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashes import actions
from tipbridge.knowledge.hashes.api import PATH
from tipbridge.knowledge.hashes.indexes import folder_of

ROUNDS, LINES = 3, 3_000
LONGEST_GAP_SECONDS = 2.0
"""The limit that the service promises."""
NEW = [f"{number:032x}" for number in range(1, ROUNDS + 1)]


def backfill(node: Node, ended: threading.Event, faults: list[BaseException]) -> None:
    """Versions one after the other: imported, activated by somebody else, built; once removed."""
    try:
        keeper = add_staff(node, Role.ANALYST)
        for number, new in enumerate(NEW, start=1):
            many = (f"{(number << 64) + each:032x}" for each in range(LINES))
            loaded(node, keeper, "national", new, *many)
            activated(node, "national")
            build(node)
        with open_work(node, keeper) as work:
            national = actions.find_list(work, "national")
        folder = folder_of(node, national.id, ROUNDS + 1)
        folder.rename(folder.with_name("away"))  # as if it had been lost: it is built again
        build(node)
    except BaseException as error:
        faults.append(error)
        raise
    finally:
        ended.set()


def test_no_answer_is_late_or_wrong_while_lists_are_imported_activated_and_rebuilt(node) -> None:
    listed(node, "national", HEAD, f"md5,{MD5},A1,file 1,", f"pdq,{PDQ},B2,file 2,90")
    build(node)
    add_provider(node)
    ended, faults = threading.Event(), list[BaseException]()
    items = [{"md5": MD5}, {"pdq": near(31)}, {"pdq": near(32)}, *({"md5": new} for new in NEW)]
    answers = list[list[bool]]()
    gaps = list[float]()
    with (
        served(build_app(node)) as address,
        httpx2.Client(auth=("usr123", "pw-1"), trust_env=False, timeout=60) as client,
    ):

        def ask() -> list[bool]:
            answer = client.post(f"{address}{PATH}", json={"items": items})
            assert answer.status_code == 200, answer.text
            assert answer.json()["not_searched"] == 0
            return [each["hit"] for each in answer.json()["answers"]]

        ask()  # the credential is proven once
        filler = threading.Thread(target=backfill, args=(node, ended, faults))
        filler.start()
        last = monotonic_seconds()
        while not ended.is_set() or answers[-1] != [True, True, False, *[True] * ROUNDS]:
            answers.append(ask())
            now = monotonic_seconds()
            gaps.append(now - last)
            last = now
            assert filler.is_alive() or not faults, faults
        filler.join()
    assert max(gaps) < LONGEST_GAP_SECONDS
    assert all(each[:3] == [True, True, False] for each in answers)
    known = [sum(each[3:]) for each in answers]
    assert known == sorted(known), "a version that took effect never goes back"
    assert known[-1] == ROUNDS
    assert len(events(node, "hashes.digests.answered")) == len(answers) + 1

"""Lists in the database."""

import hashlib

import pytest

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Forbidden, Invalid, NotFound
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashes import actions
from tipbridge.knowledge.hashes.errors import ListNameTaken, ListRejected
from tipbridge.knowledge.hashes.model import ListPurpose

ONE, TWO = (hashlib.sha256(text).hexdigest() for text in (b"one", b"two"))
SHORT = hashlib.md5(b"three").hexdigest()
EMPTY = hashlib.sha256(b"").hexdigest()


@pytest.fixture
def listed(node, console):
    with open_work(node, console) as work:
        actions.add_list(work, name="national", purpose="known-material", source="Example body")
    return node


def load(node, actor, *lines: str):
    with open_work(node, actor) as work:
        return actions.import_list(
            work, name="national", lines=[f"{line}\n".encode() for line in lines]
        )


def test_a_loaded_digest_is_known_and_names_list_purpose_and_mark(listed, console) -> None:
    counts = load(listed, console, "sha256,mark", f"{ONE},A1", SHORT)
    assert (counts.added, counts.already_there, counts.trivial_refused) == (2, 0, 0)
    with open_work(listed, console) as work:
        hits = actions.known(work, [ONE, TWO, SHORT])
    assert set(hits) == {ONE, SHORT}
    (hit,) = hits[ONE]
    assert (hit.list_name, hit.purpose, hit.mark) == ("national", ListPurpose.KNOWN_MATERIAL, "A1")


def test_repeats_are_counted_and_added_once(listed, console) -> None:
    load(listed, console, ONE)
    counts = load(listed, console, ONE, TWO, TWO.upper())
    assert (counts.added, counts.already_there) == (1, 2)
    with open_work(listed, console) as work:
        (found,) = actions.list_lists(work)
    assert found.entry_count == 2
    assert found.file_sha256 == counts.file_sha256


def test_an_empty_file_on_a_list_is_refused_and_counted(listed, console) -> None:
    """It would make every empty file a hit."""
    counts = load(listed, console, ONE, EMPTY)
    assert (counts.added, counts.trivial_refused) == (1, 1)
    with open_work(listed, console) as work:
        assert actions.known(work, [EMPTY]) == {}


def test_one_bad_line_loads_nothing_and_is_named_by_number(listed, console) -> None:
    with pytest.raises(ListRejected, match=r"line 2: .*line 4: "):
        load(listed, console, ONE, "xyz", TWO, "0123")
    with open_work(listed, console) as work:
        assert actions.known(work, [ONE, TWO]) == {}


def test_a_purpose_outside_child_protection_does_not_load(node, console) -> None:
    with pytest.raises(Invalid, match="known-material"), open_work(node, console) as work:
        actions.add_list(work, name="x", purpose="copyright", source="Example body")


def test_a_name_is_taken_once(listed, console) -> None:
    with pytest.raises(ListNameTaken), open_work(listed, console) as work:
        actions.add_list(work, name="national", purpose="viral-material", source="Example body")


def test_a_list_that_is_not_there_is_not_found(node, console) -> None:
    with pytest.raises(NotFound):
        load(node, console, ONE)


def test_the_press_cannot_load_lists(listed, staff) -> None:
    with pytest.raises(Forbidden):
        load(listed, staff(listed, Role.PRESS), ONE)

"""Lists in the database: prepared, activated by a second person, looked into."""

import hashlib
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from tests.knowledge.hashes.lists import (
    activated,
    as_lines,
    changed_behind_our_back,
    listed,
    loaded,
    opened,
)
from tests.nodes import add_staff, run_followups
from tests.sharing.net import set_clock
from tests.web.pages import PASSWORD
from tipbridge.foundation.access import store as access_store
from tipbridge.foundation.access.actors import actor_of
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Forbidden, Invalid, NotFound
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashes import actions, history
from tipbridge.knowledge.hashes.errors import (
    ListNameTaken,
    ListRejected,
    NothingWaits,
    NotTheSecondPerson,
)
from tipbridge.knowledge.hashes.model import ListPurpose, Mode
from tipbridge.office import actions as office

ONE, TWO = (hashlib.sha256(word).hexdigest() for word in (b"one", b"two"))
SHORT = hashlib.md5(b"three").hexdigest()
EMPTY = hashlib.sha256(b"").hexdigest()
PDQ = "0f" * 32


@pytest.fixture
def analyst(node):
    return opened(node, "national")


def known(node, *digests: str):
    with open_work(node, add_staff(node, Role.ANALYST)) as work:
        return actions.known(work, digests)


def shown(node, name: str = "national"):
    with open_work(node, add_staff(node, Role.AUDITOR)) as work:
        return history.show_list(work, name=name)


def verified(node):
    with open_work(node, add_staff(node, Role.AUDITOR)) as work:
        return history.verify_lists(work)


def test_a_loaded_digest_is_known_once_somebody_else_activated_it(node, analyst) -> None:
    counts = loaded(node, analyst, "national", "sha256,mark", f"{ONE},A1", f"{SHORT[:0]}{TWO},")
    assert (counts.added, counts.already_there, counts.trivial_refused) == (2, 0, 0)
    assert known(node, ONE) == {}
    version = activated(node, "national")
    assert (version.number, version.entry_count) == (1, 2)
    hits = known(node, ONE, TWO, SHORT)
    assert set(hits) == {ONE, TWO}
    (hit,) = hits[ONE]
    assert (hit.list_name, hit.purpose, hit.mark) == ("national", ListPurpose.KNOWN_MATERIAL, "A1")


def test_what_is_loaded_later_waits_while_the_version_in_effect_goes_on(node, analyst) -> None:
    listed(node, "other", TWO)
    loaded(node, analyst, "national", ONE)
    activated(node, "national")
    loaded(node, analyst, "national", ONE, mode=Mode.REMOVE)
    loaded(node, analyst, "national", SHORT)
    assert set(known(node, ONE, TWO, SHORT)) == {ONE, TWO}
    assert activated(node, "national").number == 2
    assert set(known(node, ONE, TWO, SHORT)) == {SHORT, TWO}


def test_whoever_prepared_a_version_cannot_activate_it(node, analyst) -> None:
    second = add_staff(node, Role.EXAMINER)
    loaded(node, second, "national", ONE)
    for actor in (analyst, second):  # who opened the list, and who loaded it
        with pytest.raises(NotTheSecondPerson), open_work(node, actor) as work:
            actions.activate_version(work, name="national")
    activated(node, "national")
    loaded(node, second, "national", TWO)
    with open_work(node, analyst) as work:  # had no hand in the second version
        assert actions.activate_version(work, name="national").number == 2


def test_the_console_is_nobody_and_activates_nothing(node, analyst, console) -> None:
    loaded(node, analyst, "national", ONE)
    with pytest.raises(NotTheSecondPerson), open_work(node, console) as work:
        actions.activate_version(work, name="national")


def test_two_user_names_of_one_person_are_one_person(node, console) -> None:
    for name, same in (("kim", None), ("kim.2", "kim"), ("kim.3", "kim.2")):
        with open_work(node, console) as work:
            office.add_staff(
                work,
                username=name,
                password=PASSWORD,
                roles=("analyst",),
                unit="headquarters",
                same_person_as=same,
            )
    with open_work(node, console) as work:
        member = access_store.staff_by_username(work.db, "kim")
        third = access_store.staff_by_username(work.db, "kim.3")
        first, last = (actor_of(work.db, each) for each in (member, third))
    with open_work(node, first) as work:
        actions.add_list(work, name="own", purpose="own-cases", owner="us")
        actions.import_list(work, name="own", lines=as_lines([ONE]))
    with pytest.raises(NotTheSecondPerson), open_work(node, last) as work:
        actions.activate_version(work, name="own")


def test_a_version_that_changed_since_it_was_looked_at_is_not_activated(node, analyst) -> None:
    loaded(node, analyst, "national", ONE)
    looked_at = shown(node).list.waiting_revision
    loaded(node, analyst, "national", TWO)
    with pytest.raises(NothingWaits, match="revision 2, not 1"):  # noqa: SIM117
        with open_work(node, add_staff(node, Role.ANALYST)) as work:
            actions.activate_version(work, name="national", revision=looked_at)
    activated(node, "national")
    with pytest.raises(NothingWaits):
        activated(node, "national")


def test_a_list_past_its_day_finds_nothing_until_it_is_renewed(node, analyst) -> None:
    set_clock(node, datetime(2014, 1, 1, tzinfo=UTC))
    end = datetime(2014, 6, 1, tzinfo=UTC)
    loaded(node, analyst, "national", ONE, valid_until=end)
    activated(node, "national")
    assert set(known(node, ONE)) == {ONE}
    set_clock(node, end)
    assert known(node, ONE) == {}
    loaded(node, analyst, "national", valid_until=datetime(2015, 1, 1, tzinfo=UTC))
    activated(node, "national")
    assert set(known(node, ONE)) == {ONE}


def test_files_of_programs_reduce_and_are_never_a_finding(node) -> None:
    listed(node, "nsrl", ONE, purpose="known-good")
    assert known(node, ONE) == {}
    with open_work(node, add_staff(node, Role.EXAMINER)) as work:
        list_id = actions.find_list(work, "nsrl").id
        assert set(actions.known_on(work, [ONE, TWO], [list_id])) == {ONE}


def test_repeats_are_counted_and_added_once(node, analyst) -> None:
    loaded(node, analyst, "national", ONE)
    counts = loaded(node, analyst, "national", ONE, TWO, TWO.upper())
    assert (counts.added, counts.already_there) == (1, 2)
    page = shown(node)
    assert page.waiting_counts == {"sha256": 2}
    assert page.versions[0].imports[1].file_sha256 == counts.file_sha256


def test_another_mark_is_a_change_and_a_missing_one_is_none(node, analyst) -> None:
    loaded(node, analyst, "national", f"{ONE},A1", f"{TWO},B1")
    activated(node, "national")
    counts = loaded(node, analyst, "national", f"{ONE},A2", TWO)
    assert (counts.added, counts.changed, counts.already_there) == (0, 1, 1)
    activated(node, "national")
    marks = {digest: hit[0].mark for digest, hit in known(node, ONE, TWO).items()}
    assert marks == {ONE: "A2", TWO: "B1"}


def test_a_whole_list_leaves_out_what_it_does_not_hold(node, analyst) -> None:
    loaded(node, analyst, "national", ONE, SHORT)
    activated(node, "national")
    counts = loaded(node, analyst, "national", TWO, SHORT, mode=Mode.REPLACE)
    assert (counts.added, counts.removed, counts.already_there) == (1, 1, 1)
    with open_work(node, analyst) as work:
        found = history.diff_list(work, name="national")
    assert [each.digest.hex() for each in found.added_lines] == [TWO]
    assert [each.digest.hex() for each in found.removed_lines] == [ONE]
    activated(node, "national")
    assert set(known(node, ONE, TWO, SHORT)) == {TWO, SHORT}
    with open_work(node, analyst) as work:
        back = history.diff_list(work, name="national", before=2, after=1, most=0)
    assert (back.added, back.removed, back.added_lines) == (1, 1, ())


def test_removing_what_is_not_there_is_counted(node, analyst) -> None:
    counts = loaded(node, analyst, "national", ONE, mode=Mode.REMOVE)
    assert (counts.removed, counts.not_there) == (0, 1)


def test_an_empty_file_on_a_list_is_refused_and_counted(node, analyst) -> None:
    """It would make every empty file a hit."""
    zero, blank = "0" * 64, f"pdq,{PDQ},49"
    counts = loaded(
        node, analyst, "national", "kind,digest,quality", f"sha256,{ONE},", f"sha256,{EMPTY},",
        f"sha1,{'0' * 40},", blank, f"pdq,{zero},100",
    )  # fmt: skip
    assert (counts.added, counts.trivial_refused) == (1, 4)
    assert counts.trivial == {
        "an empty file": 1,
        "all zero": 2,
        "picture of quality below 50": 1,
    }


def test_one_bad_line_loads_nothing_and_is_named_by_number(node, analyst) -> None:
    with pytest.raises(ListRejected, match=r"2 lines rejected \(line 2: .*line 4: "):
        loaded(node, analyst, "national", ONE, "xyz", TWO, "0123")
    assert shown(node).versions == ()


def test_a_mark_outside_the_lists_scheme_is_no_entry(node) -> None:
    analyst = opened(node, "scaled", scheme="industry")
    with pytest.raises(ListRejected, match="line 1: mark is none of the scheme industry: A1, A2"):
        loaded(node, analyst, "scaled", f"{ONE},C")
    assert loaded(node, analyst, "scaled", f"{ONE},B2").added == 1


def test_frames_of_a_video_stand_side_by_side(node, analyst) -> None:
    lines = (
        "kind,digest,item,frame,quality",
        f"vpdq,{PDQ},video 1,0,90",
        f"vpdq,{PDQ},video 1,30,90",
    )
    assert loaded(node, analyst, "national", *lines).added == 2
    counts = loaded(node, analyst, "national", *lines[:2], f"vpdq,{'f0' * 32},video 1,30,90")
    assert (counts.added, counts.changed, counts.already_there) == (0, 1, 1)
    assert shown(node).waiting_counts == {"vpdq": 2}


def test_a_purpose_outside_child_protection_does_not_load(node, console) -> None:
    with pytest.raises(Invalid, match="known-material"), open_work(node, console) as work:
        actions.add_list(work, name="x", purpose="copyright", owner="Example body")


def test_a_name_is_taken_once(node, analyst) -> None:
    with pytest.raises(ListNameTaken):
        opened(node, "national", "viral-material")


def test_a_list_that_is_not_there_is_not_found(node, console) -> None:
    with pytest.raises(NotFound):
        loaded(node, console, "national", ONE)


def test_the_press_cannot_load_lists(node, analyst, staff) -> None:
    with pytest.raises(Forbidden):
        loaded(node, staff(node, Role.PRESS), "national", ONE)


def test_what_was_written_out_and_read_again_gives_the_same_content(node, analyst) -> None:
    lines = (
        "kind,digest,mark,item,frame,quality",
        f'md5,{SHORT},"a, ""quoted"" mark",file 7,,',
        f"pdq,{PDQ},,,,88",
        f"vpdq,{PDQ},A1,video,12,77",
        "photodna,17a+/==,,,,",
    )
    loaded(node, analyst, "national", *lines)
    first = activated(node, "national")
    with open_work(node, analyst) as work:
        written = b"".join(history.export_list(work, name="national", form="csv"))
    again = listed(node, "again", *written.decode().splitlines())
    assert first.content_sha256 == again.content_sha256


@pytest.mark.parametrize(("form", "kept"), [("vics", 3), ("misp", 1), ("text", 1)])
def test_a_list_goes_out_and_comes_in_in_the_forms_of_others(node, analyst, form, kept) -> None:
    loaded(
        node, analyst, "national", "kind,digest,mark,item",
        f"md5,{SHORT},2,m-1", f"pdq,{PDQ},2,m-2", "photodna,17a+/==,2,m-3",
    )  # fmt: skip
    activated(node, "national")
    with open_work(node, analyst) as work:
        written = b"".join(history.export_list(work, name="national", form=form))
    other = opened(node, "other")
    with open_work(node, other) as work:
        lines = written.splitlines(keepends=True)
        counts = actions.import_list(work, name="other", lines=lines, form=form)
    assert counts.added == kept


def test_every_version_verifies_against_what_was_signed(node, analyst) -> None:
    loaded(node, analyst, "national", ONE)
    activated(node, "national")
    loaded(node, analyst, "national", f"{ONE},B2", TWO)
    activated(node, "national")
    run_followups(node)  # the worker builds the index files
    found = verified(node)
    assert (found.lists, found.versions, found.entries, found.faults) == (1, 2, 3, ())
    assert found.files == 1


CUT_OFF = """
    UPDATE hash_lists SET active_version = 1;
    DELETE FROM hash_list_imports WHERE number = 2;
    DELETE FROM hash_list_versions WHERE number = 2
"""
"""The last version, taken away as if it had never been."""


@pytest.mark.parametrize(
    ("change", "version", "what"),
    [
        ("UPDATE hash_list_entries SET mark = 'A1'", 1, "another digest than was signed"),
        ("DELETE FROM hash_list_entries WHERE added_in = 2", 2, "another digest than was signed"),
        ("UPDATE hash_list_versions SET activated_by = 'x' WHERE number = 1", 1, "something else"),
        ("UPDATE hash_list_imports SET person = 'x' WHERE number = 2", 2, "something else"),
        ("UPDATE hash_list_versions SET envelope = '{}' WHERE number = 1", 1, "does not fit"),
        ("UPDATE hash_lists SET purpose = 'own-cases'", 1, "something else"),
        ("UPDATE hash_lists SET active_version = 1", 1, "version 2 was activated last"),
        ("UPDATE hash_lists SET active_version = NULL", 0, "version 2 was activated last"),
        (CUT_OFF, 1, "version 2 was recorded as activated last"),
    ],
)
def test_what_was_changed_behind_our_back_is_found(node, analyst, change, version, what) -> None:
    loaded(node, analyst, "national", ONE)
    activated(node, "national")
    loaded(node, analyst, "national", TWO)
    activated(node, "national")
    changed_behind_our_back(node, change)
    assert (version, what) in {
        (each.version, part)
        for each in verified(node).faults
        for part in (what,)
        if part in each.what
    }


def test_nobody_but_the_owner_changes_a_line(node, analyst) -> None:
    loaded(node, analyst, "national", ONE)
    with pytest.raises(Exception, match="permission denied"), open_work(node, analyst) as work:
        work.db.execute(text("UPDATE hash_list_entries SET mark = 'A1'"))

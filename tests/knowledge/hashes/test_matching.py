"""What analysts and providers are told, and that index files are only derived."""

import json
import random
import shutil
import threading
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.knowledge.hashes.lists import activated, events, listed, loaded, opened
from tests.nodes import add_staff, run_followups
from tests.sharing.net import set_clock
from tests.tips.intake.ispws import add_provider
from tipbridge.foundation.base.actors import WORKER, Actor, ActorKind, Role
from tipbridge.foundation.base.errors import Invalid, NotFound
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashes import actions, guarding, history, indexes
from tipbridge.knowledge.hashes.engine import exact_kernels, near_kernels
from tipbridge.knowledge.hashes.errors import TooManyLookups
from tipbridge.knowledge.hashes.indexes import folder_of
from tipbridge.knowledge.hashes.lookups import Query, ToldHit
from tipbridge.knowledge.hashes.model import Confidence, DigestKind, Mode

MD5, PDQ = "0a" * 16, "0f" * 32
HEAD = "kind,digest,mark,item,quality"


def near(bits: int) -> str:
    return f"{int(PDQ, 16) ^ ((1 << bits) - 1):064x}"


def a_query(quality: int | None = None, **digests: str) -> Query:
    values = {DigestKind(kind): bytes.fromhex(text) for kind, text in digests.items()}
    return Query(digests=values, quality=quality)


def build(node) -> int:
    with open_work(node, WORKER) as work:
        return actions.build_missing(work)


def matched(node, *queries: Query, **how):
    with open_work(node, add_staff(node, Role.ANALYST)) as work:
        return actions.match_digests(work, queries, **how)


@pytest.fixture
def provider(node) -> Actor:
    return Actor(kind=ActorKind.PROVIDER, id=add_provider(node), name="esp-one")


def told(node, provider: Actor, *queries: Query):
    with open_work(node, provider) as work:
        return actions.match_for_provider(work, queries)


@pytest.fixture
def known(node):
    """A list in effect with one digest, one picture and one frame of a video."""
    listed(
        node, "national", HEAD + ",frame", f"md5,{MD5},A1,file 1,,", f"pdq,{PDQ},B2,file 2,90,",
        f"vpdq,{'f0' * 32},A2,video 3,90,7",
    )  # fmt: skip
    run_followups(node)


def test_kernels_are_loaded_with_the_first_list_and_without_any_not_at_all(
    node, monkeypatch
) -> None:
    """A node that runs asks for this before it says that it is ready."""
    loaded_kernels = threading.Event()
    monkeypatch.setattr(indexes, "_warm", loaded_kernels)
    assert indexes.warm_lookups(node) == 0
    assert not loaded_kernels.is_set()
    listed(node, "national", MD5)
    build(node)
    indexes.indexes_of(node)._renew_at = 0.0
    assert indexes.warm_lookups(node) == 1
    assert loaded_kernels.is_set()
    kernels: tuple[Any, ...] = (exact_kernels.locate, near_kernels.search_one)
    assert all(each.signatures for each in kernels)


def test_an_analyst_is_told_list_entry_class_provenance_and_distance(node, known) -> None:
    found = matched(node, a_query(md5=MD5), a_query(pdq=near(31)), a_query(pdq=near(32)))
    exact, close, none = found.answers
    (hit,) = exact.hits
    assert (hit.list_name, hit.version, hit.owner) == ("national", 1, "a made-up body")
    assert (hit.entry, hit.item, hit.classification) == (MD5, "file 1", "A1")
    assert (hit.distance_bits, hit.confidence) == (0, Confidence.UNVOTED)
    assert [(each.entry, each.distance_bits) for each in close.hits] == [(PDQ, 31)]
    assert none.hits == ()


def test_a_frame_of_a_video_is_found_by_a_picture(node, known) -> None:
    (found,) = matched(node, a_query(pdq="f0" * 32)).answers
    assert [(hit.kind, hit.item, hit.frame) for hit in found.hits] == [("vpdq", "video 3", 7)]


def test_a_blank_picture_is_compared_by_its_digests_alone(node, known) -> None:
    (found,) = matched(node, a_query(49, pdq=PDQ, md5=MD5)).answers
    assert (found.too_blank, [hit.kind for hit in found.hits]) == (True, ["md5"])


def test_more_entries_than_are_shown_is_an_answer(node) -> None:
    listed(node, "many", *(f"{near(bits)}" for bits in range(6)), kind="pdq")
    build(node)
    (found,) = matched(node, a_query(pdq=PDQ), most=5).answers
    assert (found.too_many_on, [hit.distance_bits for hit in found.hits]) == (
        ("many",),
        [*range(5)],
    )
    (found,) = matched(node, a_query(pdq=PDQ), most=6).answers
    assert (found.too_many_on, [hit.distance_bits for hit in found.hits]) == ((), [*range(6)])


def test_a_list_may_be_named_and_must_be_one(node, known) -> None:
    listed(node, "other", MD5)
    build(node)
    (found,) = matched(node, a_query(md5=MD5), lists=["other"]).answers
    assert [hit.list_name for hit in found.hits] == ["other"]
    with pytest.raises(NotFound):
        matched(node, a_query(md5=MD5), lists=["absent"])


@pytest.mark.parametrize("how", [{"radius": 48}, {"radius": -1}, {"most": 0}, {"most": 101}])
def test_what_is_not_offered_is_refused_with_what_is_allowed(node, how) -> None:
    with pytest.raises(Invalid, match="not "):
        matched(node, a_query(md5=MD5), **how)
    with pytest.raises(Invalid, match="1 to 5000 files"):
        matched(node)


def test_a_list_without_index_files_is_named_and_never_silently_left_out(node) -> None:
    listed(node, "national", MD5)
    found = matched(node, a_query(md5=MD5))
    assert (found.answers[0].hits, found.not_searched) == ((), ("national",))
    assert build(node) == 1
    assert build(node) == 0
    assert matched(node, a_query(md5=MD5)).not_searched == ()


def test_the_version_before_goes_on_until_the_new_ones_files_are_there(node, known) -> None:
    loaded(node, add_staff(node, Role.ANALYST), "national", MD5, mode=Mode.REMOVE)
    activated(node, "national")
    ((hit,),) = (each.hits for each in matched(node, a_query(md5=MD5)).answers)
    assert hit.version == 1
    run_followups(node)  # the worker builds what was activated
    assert matched(node, a_query(md5=MD5)).answers[0].hits == ()


def test_files_that_were_deleted_are_built_again_and_damage_is_found(node, known) -> None:
    with open_work(node, add_staff(node, Role.ANALYST)) as work:
        national = actions.find_list(work, "national")
    folder = folder_of(node, national.id, 1)

    def faults() -> list[str]:
        with open_work(node, add_staff(node, Role.AUDITOR)) as work:
            return [each.what for each in history.verify_lists(work).faults]

    assert faults() == []
    damaged = bytearray((folder / "near").read_bytes())
    damaged[-100] ^= 1
    (folder / "near").write_bytes(damaged)
    assert any("index" in what for what in faults())
    shutil.rmtree(folder)
    assert any("no index files" in what for what in faults())
    assert build(node) == 1
    assert faults() == []
    assert json.loads((folder / "manifest.json").read_text())["parts"]["near"]["rows"] == 2


def test_a_provider_is_told_list_and_class_and_nothing_nearer(node, known, provider) -> None:
    found = told(node, provider, a_query(md5=MD5), a_query(pdq=near(31)), a_query(pdq=near(32)))
    assert [each.hits for each in found.answers] == [
        (ToldHit(list_name="national", classification="A1"),),
        (ToldHit(list_name="national", classification="B2"),),
        (),
    ]
    assert PDQ not in repr(found)
    (event,) = events(node, "hashes.digests.answered")
    assert event.facts == {"items": 3, "hits": 2, "not_searched": 0}


def test_a_provider_learns_nothing_of_cases_or_of_lists_for_named_people(node, provider) -> None:
    listed(node, "ours", MD5, purpose="own-cases")
    listed(node, "sought", MD5, purpose="victim-identification")
    listed(node, "good", MD5, purpose="known-good")
    loaded(node, opened(node, "named", handling="TLP:RED"), "named", MD5)
    activated(node, "named")
    build(node)
    found = told(node, provider, a_query(md5=MD5))
    assert (found.answers[0].hits, found.not_searched) == ((), 0)
    assert len(matched(node, a_query(md5=MD5)).answers[0].hits) == 4


def test_a_list_past_its_day_answers_nobody(node, provider) -> None:
    set_clock(node, datetime(2014, 1, 1, tzinfo=UTC))
    end = datetime(2014, 6, 1, tzinfo=UTC)
    listed(node, "national", MD5, valid_until=end)
    build(node)
    assert told(node, provider, a_query(md5=MD5)).answers[0].hit
    set_clock(node, end)
    assert matched(node, a_query(md5=MD5)).answers[0].hits == ()


def test_a_provider_that_tries_variants_raises_an_alarm_that_people_see(
    node, known, provider
) -> None:
    for bits in range(25, 38):
        told(node, provider, a_query(pdq=near(bits)))
    (event,) = events(node, "hashes.probing.noticed")
    assert (event.subject, event.facts["rule"]) == (provider.id, "variants")
    analyst = add_staff(node, Role.ANALYST)
    with open_work(node, analyst) as work:
        (alarm,) = guarding.list_alarms(work)
        assert (alarm.provider, alarm.rule, alarm.seen_at) == ("esp-one", "variants", None)
        guarding.see_alarm(work, alarm=alarm.id)
    with open_work(node, analyst) as work:
        assert guarding.count_unseen(work) == 0
    with pytest.raises(NotFound), open_work(node, analyst) as work:
        guarding.see_alarm(work, alarm=alarm.id)


def strangers(count: int, seed: int = 7) -> list[Query]:
    draw = random.Random(seed)
    return [a_query(80, pdq=draw.randbytes(32).hex()) for _ in range(count)]


@pytest.mark.parametrize("blank", [False, True])
def test_what_a_busy_platform_asks_between_hides_no_variants(node, known, provider, blank) -> None:
    """Twelve variants, and 190 strangers in four requests between any two; blank ones do not count."""
    for number, bits in enumerate(range(37, 25, -1)):
        assert events(node, "hashes.probing.noticed") == []
        told(node, provider, *strangers(100, number), a_query(40 if blank else 80, pdq=near(bits)))
        for request in range(3):
            told(node, provider, *strangers(30, 100 + 10 * number + request))
    assert [each.facts["rule"] for each in events(node, "hashes.probing.noticed")] == [
        "variants" for _ in range(not blank)
    ]


def test_a_provider_is_held_to_its_rate(make_node, monkeypatch) -> None:
    monkeypatch.setenv("TIPBRIDGE_MATCH_ITEMS_PER_MINUTE", "9")
    node = make_node()
    provider = Actor(kind=ActorKind.PROVIDER, id=add_provider(node), name="esp-one")
    told(node, provider, *[a_query(md5=MD5)] * 8)
    for _ in range(3):
        with pytest.raises(TooManyLookups, match="At most 9 files are looked up in a minute"):
            told(node, provider, *[a_query(md5=MD5)] * 9)
    (event,) = events(node, "hashes.probing.noticed")
    assert event.facts["rule"] == "rate"

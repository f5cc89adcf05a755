"""More entries near than are shown: still those that are nearest are told, and of which list."""

from tests.knowledge.hashes.lists import listed
from tests.knowledge.hashes.test_matching import PDQ, a_query, build, matched, near, told
from tests.nodes import add_staff
from tests.tips.intake.ispws import add_provider
from tipbridge.foundation.base.actors import Actor, ActorKind, Role
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashes import matching
from tipbridge.knowledge.hashes.digests import digest_bytes
from tipbridge.knowledge.hashes.files import actions as files
from tipbridge.knowledge.hashes.files.contents import FileHashes, Part
from tipbridge.knowledge.hashes.files.kinds import Content
from tipbridge.knowledge.hashes.hashing import FrameHashed, VideoHashes
from tipbridge.knowledge.hashes.indexes import indexes_of
from tipbridge.knowledge.hashes.lookups import ToldHit
from tipbridge.knowledge.hashes.model import DigestKind

HEAD = "kind,digest,mark,item,quality,frame"
FRAMES = 150
CLASSES = {"A1", "A2", "B2"}
SHOWN = {("film 1", 0), ("film 2", 0), ("film 3", 3), ("file 4", 20)}


def a_still_scene(node: Node) -> None:
    """A list in effect: 150 frames of one film are the same, and so is one frame of another."""
    listed(
        node, "national", HEAD,
        *(f"vpdq,{PDQ},A1,film 1,90,{number}" for number in range(FRAMES)),
        f"vpdq,{PDQ},A1,film 2,90,7", f"vpdq,{near(3)},A2,film 3,90,7", f"pdq,{near(20)},B2,file 4,90,",
    )  # fmt: skip
    build(node)


def a_film(frames: int = 40) -> FileHashes:
    """A film of one still scene, as a box gives it."""
    shown = [
        FrameHashed(number=number, seconds=number, quality=90, pdq=bytes.fromhex(PDQ))
        for number in range(frames)
    ]
    video = VideoHashes(lane="vpdq", height=90, width=90, ended_early="", frames=tuple(shown))
    part = Part(path=(), content=Content.VIDEO, digests=digest_bytes(b"a film"), video=video)
    return FileHashes(name="a.mp4", parts=(part,))


def test_the_nearest_and_every_class_are_told_to_all_who_ask(node) -> None:
    a_still_scene(node)
    query = a_query(pdq=PDQ)
    (found,) = matched(node, query).answers
    assert {(hit.item, hit.distance_bits) for hit in found.hits} == SHOWN
    assert [hit.classification for hit in found.hits] == ["A1", "A1", "A2", "B2"]
    assert (found.too_many, found.too_many_on) == (True, ("national",))
    assert matched(node, *[query] * 40).answers == (found,) * 40
    (fewer,) = matched(node, query, most=3).answers
    assert [hit.distance_bits for hit in fewer.hits] == [0, 3, 20]  # one of each class
    provider = Actor(kind=ActorKind.PROVIDER, id=add_provider(node), name="esp-one")
    for answer in told(node, provider, *[query] * 40).answers:
        assert set(answer.hits) == {
            ToldHit(list_name="national", classification=c) for c in CLASSES
        }
    (index,) = indexes_of(node).catalogue().indexes
    hits = files.near_hits([index], files.likenesses_of(a_film()))
    assert [(each.hit.mark, each.distance_bits) for each in hits] == [
        ("A1", 0),
        ("A2", 3),
        ("B2", 20),
    ]
    entries = [index.entry_id(DigestKind.PDQ, row) for row in range(FRAMES + 3)]
    assert {int(each.entry.rpartition(":")[2]) for each in hits} <= set(entries)


def test_a_film_of_one_scene_is_matched_with_every_film_and_how_many_frames(node) -> None:
    a_still_scene(node)
    with open_work(node, add_staff(node, Role.ANALYST)) as work:
        (found,) = files.match_files(work, [a_film()]).files
    (part,) = found.parts
    assert {(hit.hit.item, hit.hit.distance_bits) for hit in part.hits} == SHOWN
    assert {(hit.frames_matched, hit.frames_compared) for hit in part.hits} == {(40, 40)}
    assert (part.too_many, part.too_many_on) == (True, ("national",))


def test_so_many_are_read_and_no_more(node, monkeypatch) -> None:
    """Where many files each have too many, those farthest away are not even read."""
    a_still_scene(node)
    read: list[int] = []
    entries_by_id = matching.store.entries_by_id

    def counted(db, ids):
        read.append(len(ids))
        return entries_by_id(db, ids)

    monkeypatch.setattr(matching, "MOST_READ", 240)
    monkeypatch.setattr(matching.store, "entries_by_id", counted)
    found = matched(node, a_query(pdq=PDQ), a_query(pdq=near(1)), most=5)
    assert read == [120]
    assert [each.too_many_on for each in found.answers] == [("national",)] * 2
    assert [[hit.distance_bits for hit in each.hits] for each in found.answers] == [[0], [1]]

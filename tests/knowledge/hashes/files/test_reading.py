"""A file's digests and hashes with all it holds; each thing left out is listed with its reason."""

import hashlib
import io
import itertools
import json
import os
import signal
import struct
from typing import cast

import pytest

from tests.boxfuzz.seeds import all_seeds, archives, pictures, videos
from tests.foundation.box.archives.made import central, ended, local
from tests.knowledge.hashes.files.made import archive, damaged, descriptor, film, picture, zipped
from tipbridge.foundation.box.model import Done, Failed, Plan, Reason, Walls
from tipbridge.foundation.box.pool import Box, open_box
from tipbridge.knowledge.hashes import hashing
from tipbridge.knowledge.hashes.digests import digest_bytes
from tipbridge.knowledge.hashes.engine.members import members_task
from tipbridge.knowledge.hashes.files import members
from tipbridge.knowledge.hashes.files.contents import CONTENT_CLOSED, left_of
from tipbridge.knowledge.hashes.files.kinds import SPENT, START_BYTES, Content, content_of
from tipbridge.knowledge.hashes.files.members import Members, hash_members
from tipbridge.knowledge.hashes.files.reading import hash_batch, hash_file


def in_pieces(data: bytes, size: int = 999):
    return (data[at : at + size] for at in range(0, len(data), size))


@pytest.mark.parametrize("how", ["bytes", "descriptor", "stream"])
@pytest.mark.parametrize("made", [picture, film, archive])
def test_a_file_hashes_alike_however_it_is_handed_over(box, tmp_path, made, how) -> None:
    data = made()
    whole = hash_file(box, "a", data)
    with descriptor(tmp_path / "a", data) as opened:
        source = {"bytes": data, "descriptor": opened, "stream": in_pieces(data)}[how]
        assert hash_file(box, "a", source) == whole
    assert whole.itself.digests == digest_bytes(data)
    assert whole.itself.content == made.__name__.replace("film", "video")


def test_a_picture_and_a_video_have_the_hashes_of_the_box(box) -> None:
    assert hash_file(box, "a", picture()).itself.picture == hashing.hash_picture(box, picture())
    found = hash_file(box, "b", film())
    assert found.itself.video == hashing.hash_video(box, film())
    assert (found.itself.lane, found.left_out) == ("vpdq", ())


def test_an_archive_tells_of_every_member_and_of_what_it_left_out(box) -> None:
    found = hash_file(box, "a.zip", archive())
    by_path = {part.path: part for part in found.parts}
    assert set(by_path) == {
        (), ("a.jpg",), ("cut.jpg",), ("words.txt",), ("in.zip",), ("in.zip", "deep.png"),
        ("film.mp4",),
    }  # fmt: skip
    assert by_path["a.jpg",].picture == hash_file(box, "a", picture()).itself.picture
    deep = hash_file(box, "a", picture(41, form="PNG")).itself
    assert by_path["in.zip", "deep.png"].picture == deep.picture
    assert by_path["in.zip", "deep.png"].digests == deep.digests
    assert by_path["film.mp4",].video == hash_file(box, "a", film()).itself.video
    (left,) = found.left_out
    assert (left.path, left.what, left.reason) == (("cut.jpg",), "picture", "undecodable")


@pytest.mark.parametrize(
    ("data", "what", "reason"),
    [
        (damaged(), "picture", "undecodable"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(600), "archive", "unsupported"),
        (film()[:60], "video", "unsupported"),
    ],
    ids=["picture", "archive", "video"],  # a film is never made twice alike: no name of a test
)
def test_what_can_not_be_decoded_has_its_digests_and_a_reason(box, data, what, reason) -> None:
    found = hash_file(box, "a", data)
    assert found.itself.digests == digest_bytes(data)
    ((left),) = found.left_out
    assert (left.what, left.reason) == (what, reason)


def heif(major: bytes, *compatible: bytes) -> bytes:
    """The first box of a file of this brand, and words behind it."""
    brands = b"".join(compatible)
    return struct.pack(">I", 16 + len(brands)) + b"ftyp" + major + bytes(4) + brands + b"words" * 99


@pytest.mark.parametrize(
    ("data", "is_heif"),
    [
        (heif(b"heic", b"mif1", b"heic"), True),
        (heif(b"heix", b"mif1", b"heix"), True),
        (heif(b"hevc", b"msf1", b"hevc"), True),
        (heif(b"mif1", b"mif1", b"heic"), True),
        (heif(b"mif1"), True),
        (heif(b"mif1", b"mif1", b"avif"), False),  # AVIF, and no whole one
        (heif(b"avif", b"mif1", b"avif"), False),
    ],
)
def test_a_heif_picture_is_no_film_and_is_told_as_what_is_not_decoded(box, data, is_heif) -> None:
    """A decoder of films would give the hash of one of its tiles, or of its thumbnail."""
    for source, path in ((data, ()), (zipped({"a": data}), ("a",))):
        (left,) = hash_file(box, "a", source).left_out
        assert (left.path, left.what) == (path, "picture")
        assert ((left.reason, left.detail) == ("unsupported", "heic")) == is_heif
    film_ = heif(b"isom", b"isom", b"mif1")
    assert content_of(film_) is Content.VIDEO


@pytest.mark.parametrize("data", [b"", b"words", b"MZ" + bytes(700)])
def test_what_is_nothing_that_is_decoded_is_named_other(box, data) -> None:
    found = hash_file(box, "a", data)
    assert (found.itself.content, found.left_out) == ("other", ())
    assert found.itself.digests.sha256 == hashlib.sha256(data).hexdigest()


def test_a_program_that_unpacks_itself_is_an_archive(box, tmp_path) -> None:
    data = b"MZ" + bytes(900) + zipped({"a.jpg": picture()})
    with descriptor(tmp_path / "a.exe", data) as opened:
        found = hash_file(box, "a.exe", opened)
    assert [part.content for part in found.parts] == ["archive", "picture"]


def test_without_a_box_digests_go_on_and_that_is_listed() -> None:
    found = hash_file(None, "a", picture())
    assert found.itself.digests == digest_bytes(picture())
    assert [left.reason for left in found.left_out] == [CONTENT_CLOSED]


def test_a_box_that_closes_meanwhile_leaves_whole_digests() -> None:
    plan = hashing.plan()
    with open_box(Plan(tasks=plan.tasks, warm=(), walls=Walls.KERNEL)) as box:
        pass
    found = hash_file(box, "a", in_pieces(picture()))
    assert found.itself.digests == digest_bytes(picture())
    assert [left.reason for left in found.left_out] == [CONTENT_CLOSED]


def test_every_kind_that_is_decoded_is_known_by_its_first_bytes() -> None:
    for seed in (*pictures(), *videos(), *archives()):
        assert content_of(seed.data[:START_BYTES]) == seed.sort, seed.name


def test_every_trick_has_digests_and_a_hash_or_a_reason(box) -> None:
    for seed in all_seeds():
        found = hash_file(box, seed.name, seed.data)
        assert found.itself.digests == digest_bytes(seed.data)
        hashed = found.itself.picture or found.itself.video or found.parts[1:]
        assert hashed or found.left_out or found.itself.content is Content.OTHER, seed.name


def test_a_member_that_ends_its_fork_costs_itself_alone(tmp_path) -> None:
    """A task of ours that kills itself over one picture: the others keep their hashes."""
    data = zipped({f"{n}.png": picture(n, 70, "PNG") for n in range(9)} | {"words": b"a" * 99})
    plan = hashing.plan()
    with open_box(Plan(tasks=plan.tasks, warm=plan.warm, walls=Walls.KERNEL)) as opened:
        bad = digest_bytes(picture(4, 70, "PNG")).sha256

        class Killing:
            """Gives what the box gives, but for ranges that hold the bad one."""

            def run(self, task, source, *, arguments, limits):
                found = opened.run(task, source, arguments=arguments, limits=limits)
                assert isinstance(found, Done)
                for told in cast("dict", found.value)["members"]:
                    if told["sha256"] == bad and "picture" in told:
                        return Failed(reason=Reason.KILLED, detail=signal.SIGSEGV.name)
                return found

        found = hash_file(Killing(), "a.zip", data)
    hashed = [part.path for part in found.parts if part.picture]
    assert len(hashed) == 8
    (left,) = found.left_out
    assert (left.path, left.reason, left.detail) == (("4.png",), "killed", "SIGSEGV")


def test_four_hundred_thousand_lines_of_an_archive_end_in_time(box) -> None:
    line = central(b"n", packed=0, size=0, crc=0, at=0, method=0)
    data = ended(local(b"n", b"", size=0, crc=0, method=0), line * 400_000, 0xFFFF)
    found = hash_members(box, data)
    assert isinstance(found, Members)
    assert (len(found.parts), left_of(found.left_out)) == (1, 0xFFFE)


def test_what_an_archive_has_no_time_for_has_its_digests_and_is_listed(box) -> None:
    data = zipped({"a.jpg": picture(), "b.mp4": film(), "words": b"a" * 99})
    whole = members_task(io.BytesIO(data))
    told = members_task(io.BytesIO(data), decoding_seconds=0.0)
    hashed, digested = (cast("list[dict]", each["members"]) for each in (whole, told))
    assert [each.get("failed") for each in digested] == [["out-of-time", SPENT]] * 2 + [None]
    assert ["picture" in hashed[0], "video" in hashed[1]] == [True, True]
    for one, other in zip(hashed, digested, strict=True):
        assert {name: other[name] for name in ("path", "sha256", "content")} == {
            name: one[name] for name in ("path", "sha256", "content")
        }


def test_one_archive_has_one_budget_however_often_its_fork_ends(monkeypatch) -> None:
    """Each fork takes all that it may and is ended: the clock is the test's."""
    data = zipped({f"{number}.png": picture(number, 70, "PNG") for number in range(40)})
    now, asked = [1000.0], list[tuple[float, float]]()
    monkeypatch.setattr(members, "monotonic_seconds", lambda: now[0])

    class Slow:
        """Ends every fork that decodes after half its time; digests alone take a second."""

        def run(self, task, source, *, arguments, limits):
            asked.append((limits.wall_seconds, limits.cpu_seconds))
            if arguments["last"] == 0:
                now[0] += 1
                return Done(
                    value=json.loads(json.dumps(members_task(io.BytesIO(source), **arguments)))
                )
            now[0] += limits.wall_seconds / 2
            return Failed(reason=Reason.OUT_OF_TIME)

    found = hash_members(cast("Box", Slow()), data)
    assert isinstance(found, Members)
    assert now[0] - 1000 <= members.LIMITS.wall_seconds
    assert len(asked) < 10
    assert all(cpu <= wall + 1 and cpu <= 300 for wall, cpu in asked)
    assert sorted(found.failed) == list(range(40))
    assert {(each.reason, each.detail) for each in found.failed.values()} == {
        (Reason.OUT_OF_TIME, SPENT)
    }
    assert {part.digests.size_bytes > 0 for part in found.parts.values()} == {True}


def test_a_film_in_an_archive_that_ended_early_is_listed(box) -> None:
    class Early:
        """Gives what the box gives, but for a film that ran out of time."""

        def run(self, task, source, *, arguments, limits):
            found = box.run(task, source, arguments=arguments, limits=limits)
            (told,) = cast("dict", cast("Done", found).value)["members"]
            told["video"]["ended_early"] = "out-of-time"
            return found

    found = hash_file(cast("Box", Early()), "a.zip", zipped({"b.mp4": film()}))
    (left,) = found.left_out
    assert (left.path, left.what, left.reason) == (("b.mp4",), "frames", "out-of-time")


def test_a_batch_keeps_its_order_and_looks_again_in_the_reference_lane(box, tmp_path) -> None:
    large = picture(50, 1400)
    reference = hash_file(box, "a", large)
    with descriptor(tmp_path / "large", large) as opened:
        items = [("0", large), ("1", opened), ("2", in_pieces(large)), ("3", film())]
        fast = list(hash_batch(box, items, fast=True, flagged=lambda _: False, at_once=2))
        again = list(hash_batch(box, [("1", opened)], fast=True))
    assert [found.name for found in fast] == ["0", "1", "2", "3"]
    assert [found.itself.lane for found in fast] == ["fast", "fast", "reference", "key-frames"]
    assert not any(found.again for found in fast)
    assert again[0].again
    assert again[0].itself == reference.itself


def test_a_batch_holds_no_more_than_it_was_told(box) -> None:
    taken = itertools.count()
    items = ((f"{next(taken)}", b"words") for _ in range(100))
    stream = hash_batch(box, items, at_once=3)
    next(stream)
    assert next(taken) == 3
    stream.close()


@pytest.mark.parametrize("made", [picture, film, archive])
@pytest.mark.parametrize("longer", [True, False])
def test_a_file_that_changes_while_it_is_read_gets_no_hashes_of_another(
    box, tmp_path, made, longer
) -> None:
    """Digests are of the first reading; a film and an archive are read once more by the decoder."""

    class Meanwhile:
        """The box, and somebody who writes to the file before it decodes."""

        def run(self, task, source, **how):
            (tmp_path / "a").write_bytes(made() + b"words" if longer else made())
            os.utime(tmp_path / "a", ns=(0, 0 if longer else 7))
            return box.run(task, source, **how)

    with descriptor(tmp_path / "a", made()) as opened:
        os.utime(tmp_path / "a", ns=(0, 0))
        found = hash_file(cast("Box", Meanwhile()), "a", opened)
        (left,) = found.left_out
        assert (left.path, left.what, left.reason) == ((), found.itself.content, "changed")
        assert (len(found.parts), found.itself.lane) == (1, None)
        assert hash_file(box, "a", opened).left_out[:1] != found.left_out


def test_a_pipe_is_read_to_its_end(box) -> None:
    reading, writing = os.pipe()
    os.write(writing, b"words")
    os.close(writing)
    assert hash_file(box, "a", reading).itself.digests == digest_bytes(b"words")
    os.close(reading)

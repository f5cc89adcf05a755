"""Frame hashes of a 1080p film, one a second, against vpdq: the same bits, less time."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from bench.claims import Measured, Unmeasured
from bench.films import Film, make
from bench.paired import paired
from tipbridge.knowledge.hashes.engine.videos import Frames, hash_video

try:
    import vpdq
except ImportError:  # it has no wheel, and needs FFmpeg's headers to be built
    vpdq = None

WORDS = "vPDQ of 1080p H.264, one hash a second: vpdq / ours"
FILM = Film(
    name="1080p",
    width=1920,
    height=1080,
    rate=Fraction(30),
    frames=240,
    options={"preset": "veryfast", "crf": "23"},
)


def measure(folder: Path) -> Iterator[Measured | Unmeasured]:
    """One claim, where vpdq could be built."""
    path = folder / "film.mp4"
    make(FILM, path)
    data = path.read_bytes()

    def ours(lane: Frames = Frames.VPDQ) -> list[tuple[int, str]]:
        with path.open("rb") as source:
            return [
                (each.number, each.found.hash_.hex()) for each in hash_video(source, lane).frames
            ]

    if vpdq is None:
        yield Unmeasured(words=WORDS, why="vpdq is not built here (bench/install-debian)")
        return

    def theirs() -> list[tuple[int, str]]:
        found = vpdq.computeHash(str(path), seconds_per_hash=1.0, thread_count=1)
        return [(each.frame_number, each.hex) for each in found]

    assert ours() == theirs(), "not the same hashes"
    measured = paired(ours, theirs)
    keys = paired(lambda: ours(Frames.KEY), theirs)
    yield Measured(
        words=WORDS,
        ratio=measured.ratio,
        least=1.3,
        notes=(
            f"{measured.note()}; same bits on all of {len(ours())} frames of {len(data) // 1000} kB",
            f"key frames only, for a first look: vpdq / ours {keys.ratio:.0f}, no claim",
        ),
    )

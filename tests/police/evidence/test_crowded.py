"""What a list says of a file that is near to more of its entries than are shown."""

import dataclasses

from tests.knowledge.hashes.test_crowded import a_film, a_still_scene
from tests.nodes import CONSOLE
from tests.police.evidence.test_reading import ENTRY
from tipbridge.foundation.work import open_work
from tipbridge.police.evidence.hits import Looked, Seen
from tipbridge.police.evidence.judging import judged
from tipbridge.police.evidence.reading.contents import Digested


def test_a_finding_says_class_and_distance_that_were_measured(node) -> None:
    """A frame that is bit for bit on a list is said to be so, among however many copies."""
    a_still_scene(node)
    film = a_film()
    entry = dataclasses.replace(ENTRY, size=film.itself.digests.size_bytes)
    found = Digested(entry=entry, digests=film.itself.digests, looks="video")
    seen = Seen(found=found, looked=Looked.COMPARED, hashed=film)
    with open_work(node, CONSOLE) as work:
        (file,) = judged(work, [(0, seen)], sorted_material=False)
    documents = [hit.document() for hit in file.hits]
    assert [(each["class"], each["distance_bits"]) for each in documents] == [
        ("A1", 0),
        ("A2", 3),
        ("B2", 20),
    ]
    assert {(each["list"], each["by"], each["confidence"]) for each in documents} == {
        ("national", "frame", "unvoted")
    }
    assert file.finding is None

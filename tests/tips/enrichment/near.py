"""A near match of a made-up file, kept as the worker keeps it."""

from tipbridge.foundation.work import Work
from tipbridge.knowledge.hashes.files.contents import Likeness
from tipbridge.knowledge.hashes.model import Handling
from tipbridge.tips.enrichment.likeness import store
from tipbridge.tips.enrichment.model import Look, Looked, NearListHit


def keep_near(work: Work, report_id: int, file_id: str = "file-near") -> NearListHit:
    """Note that a file waited, was compared, and is ten bits from something on a list."""
    found = NearListHit(
        file_id=file_id,
        list_id="list-1",
        list_name="known",
        purpose="known-material",
        handling=Handling.AMBER,
        mark="A1",
        by="as-it-is",
        distance_bits=10,
    )
    assert store.begin_looks(work.db, report_id, [file_id]) == [file_id]
    seen = Likeness(by="as-it-is", pdq=bytes(range(32)), quality=90)
    look = Look(file_id=file_id, looked=Looked.COMPARED)
    assert store.keep_look(work.db, report_id, look, [seen], [found], work.now)
    return found

"""No document that the product makes has an address of material that a program takes for a link.

The people of the world type such an address into every text. What every route answers and every
command prints or writes is looked at where these are tried (`test_routes`, `test_commands`), by
every role; here is what that looking finds, that documents are made there, and what goes out by
itself. A kind of file, a way to write to a host, or a module that talks to others and is not named
here fails these tests.
"""

import io
import itertools
import json
import tarfile
import zlib
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from starlette.testclient import TestClient

import tipbridge
from tests.access.attempts import ask, type_command
from tests.access.material import (
    links_to_material,
    planted,
    texts_of_answer,
    texts_of_file,
)
from tests.access.test_commands import terminal_of_world
from tests.access.test_routes import app, client
from tests.access.world import World
from tipbridge.foundation.work import open_work
from tipbridge.police.removals import sending, store
from tipbridge.police.removals.model import Channel, Notice, NoticeLanguage, NoticeStep, Removal
from tipbridge.police.removals.wording import notice_text, read_template, usual_template
from tipbridge.sharing.notices.messages import notice_part

__all__ = ["app", "client", "terminal_of_world"]

pytestmark = pytest.mark.xdist_group("access")  # one world for all of them

SHOWN = "hxxps[:]//social[.]example/posts/1"

GIVING_FILES = (
    "cases open-document",
    "disclosures preview",
    "disclosures write",
    "exhibits label",
    "exhibits media",
    "lists export",
)
"""Commands that give out more than words on the screen: here they must come to their end."""
GIVING_ROUTES = (
    "GET /cases/{case_id}/documents/{document_id}",
    "GET /exhibits/{exhibit_id}/label",
    "POST /disclosures/{disclosure_id}/preview",
    "POST /disclosures/{disclosure_id}/write",
)
TALKING = {
    "knowledge/hashes/feeds/client.py": "asks for hash lists",
    "knowledge/hashes/feeds/fetching.py": "asks for hash lists",
    "police/removals/asking.py": "asks for a status",
    "police/removals/compared/actions.py": "compares a digest",
    "police/removals/sending.py": "sends notices: below",
    "sharing/exchange/client.py": "carries sealed packages from node to node",
    "tips/filing/client.py": "files reports, whose form the clearinghouse sets",
    "tips/filing/sending.py": "files reports, whose form the clearinghouse sets",
}
"""Modules that talk to other machines, and what they say."""


def _packed(text: str) -> bytes:
    return b"%PDF-1.4\nstream\n" + zlib.compress(text.encode("utf-16-be")) + b"\nendstream\n"


def _tar(data: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        member = tarfile.TarInfo("data/case.json")
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    return out.getvalue()


def _pdf_without_links() -> bytes:
    out = io.BytesIO()
    Image.new("1", (8, 8)).save(out, "PDF")
    return out.getvalue()


def test_an_address_is_found_wherever_a_document_may_have_it() -> None:
    said = planted("Synthetic.").encode()
    envelope = json.dumps({"payload": b64encode(said).decode()}).encode()
    for kind, data in (
        ("text/html; charset=utf-8", said),
        ("application/json", said),
        ("application/pdf", _packed(planted("Synthetic."))),
        ("application/pdf", _pdf_without_links() + b"/Annots [ 1 0 R ]"),
        ("application/x-tar", _tar(said)),
        ("application/vnd.tipbridge.node-card+json", envelope),
    ):
        assert links_to_material(texts_of_answer(kind, data)), kind
    assert not links_to_material(texts_of_answer("application/pdf", _pdf_without_links()))
    assert not links_to_material([SHOWN])


@pytest.mark.parametrize(
    "look",
    [
        lambda: texts_of_answer("application/msword", b""),
        lambda: texts_of_file(Path("letter.docx"), b""),
    ],
)
def test_a_kind_of_document_that_nobody_looks_into_is_refused(look: Callable[[], object]) -> None:
    with pytest.raises(KeyError):
        look()


def test_what_gives_documents_out_comes_to_its_end_in_this_world(
    terminal_of_world: World, client: TestClient
) -> None:
    world = terminal_of_world
    with world.owned("own"):
        ended = {
            each: type_command(world, each, "examiner", world.ids) for each in GIVING_FILES[1:]
        }
        ended |= {
            each: type_command(world, each, "investigator", world.ids) for each in GIVING_FILES[:1]
        }
        answered = {
            each: ask(world, client, each, world.ids, who="investigator") for each in GIVING_ROUTES
        }
    assert {each: came.how for each, came in ended.items()} == dict.fromkeys(GIVING_FILES, "done")
    assert {each: came.how for each, came in answered.items()} == dict.fromkeys(
        GIVING_ROUTES, "200"
    )


def test_what_a_host_is_sent_has_no_link_whatever_its_own_text_says(world: World) -> None:
    typed = read_template(planted("{notice}"), planted("Remove {place}."))
    sent: dict[Channel, list[str]] = {channel: [] for channel in Channel}
    with world.owned("own"), open_work(world.node, world.actors["investigator"]) as work:
        (place, *_) = store.removals_of(work.db, world.ids["case"])
        notice = store.notice_by_id(work.db, world.ids["notice"])
    assert notice is not None
    for language, step in itertools.product(NoticeLanguage, NoticeStep):
        for text in (typed, usual_template(language, step)):
            subject, body = notice_text(
                place, text, language, notice_id=notice.id, agency="KNPA", synthetic=True
            )
            made = replace(notice, recipient="desk@host.example", subject=subject, body=body)
            for channel in Channel:
                sent[channel] += MADE[channel](world, made, place)
    for channel, texts in sent.items():
        assert all(SHOWN in each for each in texts), channel
        assert links_to_material(texts) == [], channel


def _mail(world: World, notice: Notice, removal: Removal) -> list[str]:
    del removal
    message = sending.message_of(world.node, notice, "police@police.example")
    assert message.get_content_type() == "text/plain"
    return [f"{message['subject']}\n{message.get_content()}"]


def _webhook(world: World, notice: Notice, removal: Removal) -> list[str]:
    body = sending.webhook_document(world.node, notice, removal.address)
    return list(texts_of_answer("application/vnd.tipbridge.node-card+json", body))[1:]


def _package(world: World, notice: Notice, removal: Removal) -> list[str]:
    document = sending.document_of(world.node, notice, removal.address)
    return [json.dumps(notice_part(document).value, ensure_ascii=False)]


def _by_hand(world: World, notice: Notice, removal: Removal) -> list[str]:
    del world, removal
    return [f"{notice.subject}\n{notice.body}"]


MADE: dict[Channel, Callable[[World, Notice, Removal], list[str]]] = {
    Channel.EMAIL: _mail,
    Channel.WEBHOOK: _webhook,
    Channel.NODE: _package,
    Channel.BY_HAND: _by_hand,
}
"""What goes out by each way in which a host is reached."""


def test_every_module_that_talks_to_other_machines_is_known() -> None:
    home = Path(tipbridge.__file__).parent
    found = {
        str(path.relative_to(home))
        for path in home.rglob("*.py")
        if any(f"import {name}" in path.read_text("utf-8") for name in ("httpx2", "smtplib"))
    }
    assert found == set(TALKING)

"""Labels: the code holds the exhibit's id and nothing else, and Korean words are drawn."""

import io
from datetime import UTC, datetime
from pathlib import Path

import segno
from PIL import Image

from tests.nodes import CONSOLE
from tests.police.evidence.test_actions import a_case, an_exhibit
from tests.police.evidence.test_pages import page_client
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.work import open_work
from tipbridge.police.evidence import labelling
from tipbridge.police.evidence.chain import exhibit_seen
from tipbridge.police.evidence.labels import PREFIX, Label, code_of, draw_label, write_labels

ID = "0123456789abcdef0123456789abcdef"
AT = datetime(2014, 5, 1, tzinfo=UTC)


def label(**said) -> Label:
    values = {"exhibit_id": ID, "mark": "USB-1", "words": ("2014-000001",), "synthetic": True}
    return Label(**(values | said))


def ink(image: Image.Image) -> int:
    return image.convert("L").histogram()[0]


def test_the_code_is_the_exhibits_id_module_by_module() -> None:
    made = segno.make(f"{PREFIX}{ID}", error="q", micro=False)
    image = code_of(ID)
    size = made.symbol_size(border=4)[0]
    scale = image.width // size
    assert scale >= 8, "a phone reads it"
    middle = scale // 2
    read = [
        [image.getpixel((x * scale + middle, y * scale + middle)) == 0 for x in range(4, size - 4)]
        for y in range(4, size - 4)
    ]
    assert read == [[bool(module & 1) for module in row] for row in made.matrix]
    quiet = image.crop((0, 0, image.width, 4 * scale))
    assert ink(quiet) == 0


def test_korean_words_are_drawn_and_long_ones_stay_on_the_label() -> None:
    plain = ink(draw_label(label(words=("2014-000001",))))
    korean = ink(draw_label(label(words=("2014-000001", "휴대용 저장장치"))))
    assert korean > plain + 500
    boxes = draw_label(label(words=("2014-000001", "\u0378\u0378\u0378\u0378")))
    assert boxes.tobytes() != draw_label(label(words=("2014-000001", "저장장치"))).tobytes()
    long = draw_label(label(mark="증" * 60, words=("가" * 300, "나" * 300)))
    edge = long.crop((long.width - 40, 0, long.width, long.height - 60))
    assert ink(edge) == 0, "nothing reaches the right edge"


def test_the_same_labels_are_the_same_bytes_and_a_case_has_a_page_each(node) -> None:
    assert write_labels([label()], AT) == write_labels([label()], AT)
    case = a_case(node)
    exhibit = an_exhibit(node, CONSOLE, case, mark="E1", description="휴대용 저장장치")
    an_exhibit(node, CONSOLE, case, mark="E2")
    with open_work(node, CONSOLE) as work:
        one = labelling.label_exhibits(work, exhibit.id)
        both = labelling.label_exhibits(work, exhibit.id, whole_case=True)
    assert one.startswith(b"%PDF-")
    assert (one.count(b"/Type /Page\n"), both.count(b"/Type /Page\n")) == (1, 2)


def test_an_address_in_a_description_is_drawn_defanged(node) -> None:
    typed, shown = "https://media.example/1", "hxxps[:]//media[.]example/1"
    exhibit = an_exhibit(node, CONSOLE, a_case(node), mark=typed, description=f"Of {typed}")
    with open_work(node, CONSOLE) as work:
        made = labelling.label_exhibits(work, exhibit.id)
        words = (exhibit.seizure.at.strftime("device · Seized %Y-%m-%d"), f"Of {shown}")
        number = exhibit_seen(work, exhibit.id)[1]
        again = label(exhibit_id=exhibit.id, mark=shown, words=(number, *words))
        assert made == write_labels([again], work.now)


def test_the_page_gives_the_label_away_as_pdf(node, tmp_path: Path) -> None:
    exhibit = an_exhibit(node, CONSOLE, a_case(node))
    client = page_client(node, "officer", Role.INVESTIGATOR, language="ko")
    answer = client.get(f"/exhibits/{exhibit.id}/label")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    assert io.BytesIO(answer.content).read(5) == b"%PDF-"

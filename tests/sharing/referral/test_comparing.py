"""A version that somebody sent is compared with the held one, also on a tip, before it is taken."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.nodes import CONSOLE
from tests.sharing.referral.road import PERSON
from tests.sharing.referral.test_agreeing import HERE, MOU
from tests.tips.triage.filed import file_tip, report_xml
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.cli.main import cli
from tipbridge.foundation.base.actors import Actor, Role
from tipbridge.foundation.base.errors import Conflict, Forbidden, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements import actions as agreements
from tipbridge.knowledge.agreements.comparing import Change, compared, differences
from tipbridge.knowledge.agreements.document import load_agreement
from tipbridge.knowledge.agreements.model import Agreement
from tipbridge.sharing.referral.agreeing import actions, pages


def _later(replaces: str | None) -> bytes:
    """A second version: devices stay back, and accounts of a network's address go."""
    named = "" if replaces is None else f'\nreplaces = "{replaces}"'
    text = MOU.replace("version = 1", f"version = 2{named}")
    return text.replace('device = "allow"', 'device = "withhold"').encode()


def _versions(node: Node) -> list[int]:
    with open_work(node, CONSOLE) as work:
        return [each.version for each in agreements.list_agreements(work)]


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ('ip = "allow"', 'ip = "generalise:prefix"', Change.LESS),
        ('ip = "generalise:prefix"', 'ip = "generalise:country"', Change.LESS),
        ('ip = "generalise:country"', 'ip = "allow"', Change.MORE),
        ('device = "withhold"', 'device = "allow"', Change.MORE),
        ('device = "allow"', "", Change.LESS),
        ('device = "withhold"', "", None),
    ],
)
def test_more_and_less_are_told_apart_by_the_rules(
    before: str, after: str, change: Change | None
) -> None:
    line = next(line for line in MOU.splitlines() if line.startswith(before[:3]) and "=" in line)
    first, other = (load_agreement(MOU.replace(line, each).encode())[0] for each in (before, after))
    about = before.split(" ")[0]
    row = next(row for row in compared(first, other).classes if row.about == about)
    assert (row.differs, row.change) == (True, change)
    assert (f"[{change}]" in " ".join(differences(first, other))) is (change is not None)


def test_what_differs_is_read_before_it_takes_the_held_ones_place(
    make_node: Callable[..., Node],
    staff: Callable[..., Actor],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    node = make_node(HERE)
    url = node.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("TIPBRIDGE_DATABASE_URL", url)
    monkeypatch.setenv("TIPBRIDGE_DATABASE_OWNER_URL", url.replace("_app@", "_owner@"))
    report_id = file_tip(node, report_xml(PERSON))
    with open_work(node, CONSOLE) as work:
        first = agreements.add_agreement(work, document=MOU.encode())
    file = tmp_path / "amended.toml"
    file.write_bytes(_later(first.sha256))
    place = ["--data", str(node.data), str(file)]
    said = CliRunner().invoke(cli, ["agreements", "compare", *place, "--tip", report_id])
    assert said.exit_code == 0, said.output
    assert "device: goes as it is. => stays back. [less]" in said.output
    assert "people/0/devices/0: leaves (allowed) => stays (rule-withholds) [less]" in said.output
    assert "account: goes" not in said.output
    assert "203.0.113.7" not in said.output
    refused = CliRunner().invoke(cli, ["agreements", "add", *place])
    assert "device: goes as it is. => stays back." in f"{refused.exception} {refused.output}"
    assert refused.exit_code
    # Whoever may not add it learns nothing of what is held by trying to.
    with pytest.raises(Forbidden), open_work(node, staff(node, Role.PRESS)) as work:
        agreements.add_agreement(work, document=file.read_bytes())
    with pytest.raises(Conflict, match="stays back"), open_work(node, CONSOLE) as work:
        agreements.add_agreement(work, document=file.read_bytes())
    assert _versions(node) == [1]
    taken = CliRunner().invoke(cli, ["agreements", "add", *place, "--confirmed"])
    assert taken.exit_code == 0, taken.output
    assert _versions(node) == [1, 2]


def _compared(node: Node, document: bytes) -> Agreement | None:
    with open_work(node, CONSOLE) as work:
        return actions.compare_version(work, document=document).earlier


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_version_is_compared_on_a_page_with_what_it_names_or_what_holds(
    make_node: Callable[..., Node], language: str
) -> None:
    node = make_node(HERE)
    report_id = file_tip(node, report_xml(PERSON))
    assert _compared(node, _later(None)) is None
    with open_work(node, CONSOLE) as work:
        first = agreements.add_agreement(work, document=MOU.encode())
    assert _compared(node, _later(None)) == _compared(node, _later(first.sha256))
    with pytest.raises(NotFound):
        _compared(node, _later("0" * 64))
    add_member(node, "desk", Role.ANALYST)
    client = browser(
        shell_app(node, routers=(pages.router,), navigation=pages.NAV), language=language
    )
    sign_in(client, "desk")
    assert "/agreements/compare" in client.get("/agreements").text
    less = {"en": "less", "ko": "더 적게 제공"}[language]
    assert less not in client.get("/agreements/compare").text
    form = {"document": _later(first.sha256).decode(), "source": report_id}
    shown = client.post("/agreements/compare", data=form)
    assert shown.status_code == 200
    assert shown.text.count(f">{less}<") == 2  # the class, and the one part of the tip
    assert "people/0/devices/0" in shown.text
    assert "203.0.113.7" not in shown.text
    assert client.post("/agreements/compare", data={"document": "no"}).status_code == 400
    assert _versions(node) == [1]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_first_draft_is_read_and_tried_on_a_page_before_anything_is_held(
    make_node: Callable[..., Node], language: str
) -> None:
    node = make_node(HERE)
    report_id = file_tip(node, report_xml(PERSON))
    add_member(node, "desk", Role.ANALYST)
    client = browser(
        shell_app(node, routers=(pages.router,), navigation=pages.NAV), language=language
    )
    sign_in(client, "desk")
    draft = MOU.replace('name = "allow"', 'name = "withhold"')
    assert draft != MOU
    shown = client.post("/agreements/compare", data={"document": draft, "source": report_id})
    assert shown.status_code == 200
    said = {
        "en": ("nothing of these parties", "goes as it is.", "stays back.", "What it leaves open"),
        "ko": ("협정 없음", "그대로 나갑니다.", "보내지 않습니다.", "정하지 않은 것"),
    }[language]
    assert [each for each in said if each not in shown.text] == []
    assert "people/0/name" in shown.text
    assert _versions(node) == []

"""What was published is shown as it was for ever, whatever was changed or erased since."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from typer.main import get_command

from tests.bulletin.rows import PERIOD, START, a_bulletin, a_person
from tests.bulletin.test_actions import add_case, add_person, decide, read
from tests.bulletin.test_pages import reader, seven_people
from tests.nodes import add_unit
from tipbridge.bulletin.commands import Format, group, written
from tipbridge.bulletin.model import Bulletin, Period, View
from tipbridge.bulletin.published import keeping
from tipbridge.bulletin.published.actions import (
    list_publications,
    publish_bulletin,
    read_publication,
)
from tipbridge.bulletin.published.model import Publication
from tipbridge.bulletin.published.rules import check_publishable
from tipbridge.bulletin.suppression import public_view
from tipbridge.foundation.audit import store as audit_store
from tipbridge.foundation.base.actors import WORKER, Actor, Role
from tipbridge.foundation.base.errors import Conflict, IntegrityFailure, Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.web.language import Language

Staff = Callable[..., Actor]
KEPT = Path(__file__).parent / "kept_form_1.json"
"""Figures as the first form kept them: every later program reads them."""


def publish(node: Node, actor: Actor, period: Period = PERIOD) -> Publication:
    with open_work(node, actor) as work:
        return publish_bulletin(work, period)


def shown(node: Node, actor: Actor, id_: str) -> Bulletin:
    with open_work(node, actor) as work:
        return read_publication(work, id_).bulletin


def test_an_erasure_changes_nothing_that_was_published(node: Node, staff: Staff) -> None:
    seven_people(node)
    press = staff(node, Role.PRESS)
    before = read(node, press, View.PUBLIC)
    made = publish(node, press)
    with open_work(node, WORKER) as work:
        assert work.db.execute(text("SELECT tb_erase_case('a', now())")).scalar_one() > 7
    assert read(node, press, View.PUBLIC).people == 0
    after = shown(node, press, made.id)
    assert after.people == 7
    assert (after.tables, after.spans, after.items) == (before.tables, before.spans, before.items)
    for language in Language:
        assert written(after, Format.TEXT, language) == written(
            keeping.opened(made.figures, made.digest), Format.TEXT, language
        )


def test_a_publication_says_who_published_what_when_and_under_which_law(
    node: Node, staff: Staff
) -> None:
    seven_people(node)
    with open_work(node, WORKER) as work:
        add_person(work, "p8", "a", position=8)
        decide(work, "p8", "a", law_of_decision="JP/2014")
    press = staff(node, Role.PRESS)
    made = publish(node, press)
    with open_work(node, press) as work:
        (line,) = list_publications(work)
        entries = audit_store.latest_entries(work.db, limit=5, subject=made.id)
    assert (line.period, line.digest) == (PERIOD, made.digest)
    assert line.publisher == press.name
    assert [each.law for each in shown(node, press, made.id).laws] == ["KR/2012"]
    (event,) = [each.event for each in entries]
    assert (event.event, event.actor_id) == ("bulletin.publication.published", press.id)
    assert event.facts == {
        "digest": made.digest,
        "from_on": "2013-11-01",
        "to_on": "2014-10-31",
    }


def test_nothing_of_anybody_is_kept_with_the_figures(node: Node, staff: Staff) -> None:
    seven_people(node)
    with open_work(node, WORKER) as work:
        add_person(work, "child-9", "a", position=9, school_level="middle")
        decide(work, "child-9", "a", age=(13, 13), reason="below-age", stage="not-booked")
    press = staff(node, Role.PRESS)
    made = publish(node, press)
    kept = json.loads(made.figures)["bulletin"]
    counts = [cell["count"] for table in kept["tables"] for cell in table["cells"]]
    assert all(count is None or count >= 5 for count in counts)
    for name in ("p0", "child-9", '"a"', press.id):
        assert name.encode() not in made.figures
    assert kept["view"] == "public"


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (PERIOD.from_on, PERIOD.to_on),
        (PERIOD.to_on, PERIOD.to_on + timedelta(days=30)),
        (PERIOD.from_on - timedelta(days=30), PERIOD.from_on),
        (date(2014, 2, 1), date(2014, 2, 1)),
        (date(2010, 1, 1), date(2016, 1, 1)),
    ],
)
def test_no_day_is_published_twice(first: date, last: date) -> None:
    again, today = Period(from_on=first, to_on=last), date(2020, 1, 1)
    with pytest.raises(Conflict, match="2013-11-01 to 2014-10-31"):
        check_publishable(again, today, [PERIOD])
    check_publishable(again, today, [])


def test_a_period_is_published_from_the_day_after_it_on() -> None:
    for today in (PERIOD.to_on - timedelta(days=1), PERIOD.to_on):
        with pytest.raises(Invalid, match="2014-10-31"):
            check_publishable(PERIOD, today, [])
    beside = Period(from_on=date(2014, 11, 1), to_on=date(2014, 11, 30))
    check_publishable(PERIOD, PERIOD.to_on + timedelta(days=1), [beside])


def test_the_database_too_refuses_a_day_twice_and_any_change(node: Node, staff: Staff) -> None:
    press = staff(node, Role.PRESS)
    made = publish(node, press)
    for statement in ("DELETE FROM bulletin_publications", "UPDATE bulletin_publications SET id=1"):
        with pytest.raises(DBAPIError, match="permission denied"), open_work(node, press) as work:
            work.db.execute(text(statement))
    copied = (
        "INSERT INTO bulletin_publications SELECT 'again', to_on, to_on, published_at,"
        " published_by, digest, figures FROM bulletin_publications"
    )
    with pytest.raises(IntegrityError, match="daterange"), open_work(node, press) as work:
        work.db.execute(text(copied))
    assert shown(node, press, made.id).people == 0


def test_a_unit_that_does_not_see_every_case_publishes_nothing(node: Node, staff: Staff) -> None:
    seoul = add_unit(node, "seoul")
    below = staff(node, Role.PRESS, seoul)
    with pytest.raises(Conflict, match="every other one stands below"):
        publish(node, below)
    made = publish(node, staff(node, Role.PRESS))
    assert shown(node, below, made.id).people == 0


def test_what_was_never_published_is_not_found(node: Node, staff: Staff) -> None:
    with pytest.raises(NotFound):
        shown(node, staff(node, Role.AUDITOR), "0" * 32)


def test_figures_of_the_first_form_are_read_for_ever() -> None:
    kept = KEPT.read_bytes().rstrip()
    found = keeping.opened(kept, keeping.digest_of(kept))
    made = public_view(a_bulletin([a_person(number) for number in range(6)]))
    assert (found.people, found.period, found.definitions.small_cell) == (6, PERIOD, 5)
    assert found.tables == made.tables
    assert "booked" in written(found, Format.TEXT, Language.ENGLISH)


@pytest.mark.parametrize("spoil", [lambda kept: kept + b" ", lambda kept: b"{}" + kept[2:]])
def test_bytes_that_are_not_those_published_are_shown_to_nobody(
    spoil: Callable[[bytes], bytes],
) -> None:
    kept = keeping.kept_form(public_view(a_bulletin([a_person()])))
    with pytest.raises(IntegrityFailure, match="not those that were published"):
        keeping.opened(spoil(kept), keeping.digest_of(kept))
    with pytest.raises(IntegrityFailure, match="can't be read"):
        keeping.opened(b"[]", keeping.digest_of(b"[]"))


def test_pages_publish_list_and_show_in_both_languages(node: Node) -> None:
    seven_people(node)
    client = reader(node, Role.PRESS)
    days = {"from_on": "2013-11-01", "to_on": "2014-10-31"}
    assert "Publish a bulletin" in client.get("/bulletin/publications").text
    answer = client.post("/bulletin/publications", data=days)
    assert answer.status_code == 303
    address = answer.headers["location"]
    with open_work(node, WORKER) as work:
        work.db.execute(text("SELECT tb_erase_case('a', now())"))
    page = client.get(address).text
    assert "booked" in page
    assert "2013-11-01 – 2014-10-31" in page
    assert address in client.get("/bulletin/publications").text
    figures = client.get(f"{address}/figures")
    assert keeping.digest_of(figures.content) in page
    assert figures.json()["bulletin"]["people"] == 7
    assert client.post("/bulletin/publications", data=days).status_code == 409
    for wrong in ({"from_on": "x", "to_on": "2013-01-01"}, {**days, "published_by": "x"}):
        assert client.post("/bulletin/publications", data=wrong).status_code == 400
    client.get("/language/ko")
    assert "공표 일시" in client.get(address).text


def test_an_auditor_reads_and_is_offered_no_form(node: Node) -> None:
    client = reader(node, Role.AUDITOR)
    assert "Publish a bulletin" not in client.get("/bulletin/publications").text


def test_commands_publish_list_and_show(
    node: Node, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    url = node.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("TIPBRIDGE_DATABASE_URL", url)
    monkeypatch.setenv("TIPBRIDGE_DATABASE_OWNER_URL", url.replace("_app@", "_owner@"))
    with open_work(node, WORKER) as work:
        add_case(work, "a")
        for number in range(6):
            add_person(work, f"p{number}", "a", position=number + 1)
            decide(work, f"p{number}", "a", decided_at=START + timedelta(days=number))

    def run(*words: str) -> str:
        given = [*words, "--data", str(node.data)]
        done = CliRunner().invoke(get_command(group), given, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    made: dict[str, Any] = json.loads(
        run("publish", "--from", "2013-11-01", "--to", "2013-11-30", "--json")
    )
    (line,) = json.loads(run("publications", "--json"))
    assert (line["id"], line["digest"]) == (made["publication"], made["sha256"])
    assert "People: 6" in run("publication", made["publication"])
    assert "인원: 6" in run("publication", made["publication"], "--language", "ko")
    assert json.loads(run("publication", made["publication"], "--json"))["people"] == 6
    out = tmp_path / "kept.json"
    run("publication", made["publication"], "--format", "kept", "--out", str(out))
    assert keeping.digest_of(out.read_bytes()) == made["sha256"]

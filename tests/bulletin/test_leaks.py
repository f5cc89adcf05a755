"""How long material stays up, in the full view and for publication."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from tests.bulletin.rows import cells_of
from tests.nodes import CONSOLE
from tests.police.folk import a_case, contacted, recorded, suspect, verified
from tests.police.removals.places import a_place, clock
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.bulletin import pages
from tipbridge.bulletin.actions import read_full_bulletin, read_public_bulletin
from tipbridge.bulletin.definitions import load_definitions
from tipbridge.bulletin.leaks import OTHERS, leak_figures, public_leaks
from tipbridge.bulletin.model import LeakFigure, Period
from tipbridge.bulletin.text import write_text
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.law.model import Outcome
from tipbridge.police.cases.model import Motive
from tipbridge.police.outcomes.actions import decide_outcome
from tipbridge.police.removals import moving, noticing
from tipbridge.police.removals.actions import add_place
from tipbridge.police.removals.items import store as items
from tipbridge.police.removals.model import Life, PlaceForm, RemovalState
from tipbridge.police.welfare import actions as welfare
from tipbridge.police.welfare.model import TalkWith

AT = datetime(2014, 6, 2, 3, tzinfo=UTC)
PERIOD = Period(from_on=date(2014, 1, 1), to_on=date(2014, 12, 31))
LATER = datetime(2014, 12, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def _lives(
    host: str, *gone_hours: int, up: int = 0, back: int = 0, at: datetime = AT
) -> list[Life]:
    hours: list[int | None] = [*gone_hours, *([None] * up)]
    return [
        Life(
            host=host,
            country=None,
            noticed_at=at,
            gone_at=None if gone is None else at + gone * HOUR,
            last_known_at=at + 1000 * HOUR,
            escalated_at=None,
            reappeared=number < back,
        )
        for number, gone in enumerate(hours)
    ]


def _full(lives: list[Life]) -> tuple[LeakFigure, ...]:
    return leak_figures(lives, PERIOD, LATER, load_definitions())


def _public(lives: list[Life]) -> tuple[LeakFigure, ...]:
    return public_leaks(lives, PERIOD, LATER, load_definitions())


def test_the_full_view_has_every_host_and_its_curve() -> None:
    lives = [*_lives("a.example", 1, 30, up=2, back=1), *_lives("b.example", 5)]
    first, second = _full(lives)
    assert (first.host, first.places, first.reappeared) == ("a.example", 4, 1)
    assert first.still_up == (Decimal("75.0"), Decimal("50.0"), Decimal("50.0"))
    assert [(point.hours, point.still_up) for point in first.curve] == [
        (1, Decimal("75.0")),
        (30, Decimal("50.0")),
    ]
    assert second.still_up == (Decimal("0.0"),) * 3


def test_only_places_first_asked_about_in_the_period_count() -> None:
    midnight = datetime(2013, 12, 31, 15, tzinfo=UTC)  # 1 January in Seoul
    lives = [*_lives("a.example", 1, at=midnight), *_lives("b.example", 1, at=midnight - HOUR)]
    assert [figure.host for figure in _full(lives)] == ["a.example"]


def test_in_public_hosts_with_few_places_stand_together() -> None:
    lives = [
        *_lives("large.example", *[1] * 6, up=6),
        *_lives("one.example", *[1] * 3),
        *_lives("two.example", *[1] * 2),
    ]
    large, others = _public(lives)
    assert (large.host, large.places, large.still_up[0]) == ("large.example", 12, Decimal("50.0"))
    assert (others.host, others.places, others.still_up[0]) == (OTHERS, 5, Decimal("0.0"))
    assert large.curve == others.curve == ()


def test_in_public_too_few_altogether_are_hidden() -> None:
    (others,) = _public(_lives("one.example", 1, 2, up=2))
    assert others == LeakFigure(
        host=OTHERS,
        places=None,
        still_up=(None, None, None),
        reappeared=None,
        counts_elsewhere=True,
    )
    assert _public([]) == ()


def test_in_public_no_number_below_the_floor_can_be_worked_out() -> None:
    few_gone = _public(_lives("host.example", 1, 1, up=10))[0]
    assert few_gone.still_up == (None, None, None)
    few_left = _public(_lives("host.example", *[1] * 10, up=2))[0]
    assert few_left.still_up == (None, None, None)
    small_step = _public(_lives("host.example", *[1] * 6, 30, 30, up=8))[0]
    assert small_step.still_up == (Decimal("62.5"), None, None)
    few_back = _public(_lives("host.example", *[1] * 8, up=8, back=2))[0]
    assert few_back.reappeared is None
    assert few_back.still_up == (Decimal("50.0"),) * 3


def test_the_bulletin_counts_what_the_removals_room_recorded(node: Node) -> None:
    removal = a_place(node)
    with open_work(node, CONSOLE) as work:
        noticing.carry_notice(work, noticing.make_notice(work, removal.id).id)
        moving.record_state(work, removal.id, RemovalState.REMOVED)
    with open_work(node, CONSOLE) as work:
        full = read_full_bulletin(work, PERIOD)
        public = read_public_bulletin(work, PERIOD)
    assert [(each.host, each.places) for each in full.leaks] == [("host.example", 1)]
    assert [(each.host, each.places) for each in public.leaks] == [(OTHERS, None)]
    add_member(node, "reader", Role.INVESTIGATOR)
    app = shell_app(node, routers=(pages.router,))
    for language, title in (("en", "Once leaked, hard to delete"), ("ko", "지우기 어렵다")):
        client = browser(app, language=language)
        sign_in(client, "reader")
        query = "from=2014-01-01&to=2014-12-31"
        assert title in client.get(f"/bulletin?{query}").text
        assert "host.example" not in client.get(f"/bulletin?{query}").text
        assert "host[.]example" in client.get(f"/bulletin?{query}&view=full").text
        shown = json.loads(client.get(f"/bulletin.json?{query}&view=full").text)
    assert shown["leaks"]["hosts"][0]["still_up"] == [0.0, 0.0, 0.0]
    assert shown["leaks"]["horizon_hours"] == [24, 72, 672]


def test_why_a_child_says_it_happened_is_counted_where_no_motive_is_recorded(node: Node) -> None:
    file = a_case(node)
    person_id = recorded(node, file, suspect(birth=verified(date(2002, 1, 1)), self_produced=True))
    welfare_id = contacted(node, person_id)
    with open_work(node, CONSOLE) as work:
        for why in (Motive.CURIOSITY, Motive.FOLLOWERS):
            welfare.record_talk(work, welfare_id, talk_with=TalkWith.CHILD, why=why)
        welfare.record_talk(work, welfare_id, talk_with=TalkWith.CHILD)
        decide_outcome(work, person_id, outcome=Outcome.JUVENILE_DIVISION)
        bulletin = read_full_bulletin(work, PERIOD)
    assert cells_of(bulletin, "self-produced") == {("yes", "followers"): 1}


def _elsewhere(lives: list[Life], same_host: int, other_host: int) -> list[Life]:
    """The first of these lives with their file noted at another address since, some on both."""
    return [
        replace(each, back_on_host=number < same_host, back_on_other_host=number < other_host)
        for number, each in enumerate(lives)
    ]


def test_the_same_file_noted_elsewhere_is_a_figure_beside_what_reappeared() -> None:
    lives = _elsewhere(_lives("a.example", *[1] * 8, up=2, back=1), 2, 5)
    (figure,) = _full(lives)
    assert (figure.reappeared, figure.noted_elsewhere) == (1, 5)


def test_in_public_a_small_number_noted_elsewhere_is_hidden_too() -> None:
    gone = _lives("a.example", *[1] * 12, up=6)
    assert _public(_elsewhere(gone, 5, 6))[0].noted_elsewhere == 6
    assert _public(gone)[0].noted_elsewhere == 0
    assert _public(_elsewhere(gone, 2, 1))[0].noted_elsewhere is None
    # Of those that went, two alone were noted nowhere.
    assert _public(_elsewhere(gone, 10, 0))[0].noted_elsewhere is None
    assert _public(_elsewhere(_lives("b.example", 1), 1, 1))[0].noted_elsewhere is None


def test_the_bulletin_tells_it_in_every_form(node: Node) -> None:
    file, digest = a_case(node), "ab" * 32
    with open_work(node, CONSOLE) as work:
        place = add_place(work, file.case.id, address="https://host.example/1", form=PlaceForm.URL)
        items.report_item(work.db, file.case.id, "https://host.example/1", digest)
        noticing.carry_notice(work, noticing.make_notice(work, place.id).id)
        moving.record_state(work, place.id, RemovalState.REMOVED)
    clock(node, 2014, 6, 3)
    with open_work(node, CONSOLE) as work:
        add_place(work, file.case.id, address="https://other.example/1", form=PlaceForm.URL)
        items.report_item(work.db, file.case.id, "https://other.example/1", digest)
        full = read_full_bulletin(work, PERIOD)
    (figure,) = full.leaks
    assert (figure.host, figure.reappeared, figure.noted_elsewhere) == ("host.example", 0, 1)
    add_member(node, "reader", Role.INVESTIGATOR)
    app = shell_app(node, routers=(pages.router,))
    for language, head in (("en", "Same file elsewhere"), ("ko", "같은 파일 다른 주소")):
        client = browser(app, language=language)
        sign_in(client, "reader")
        query = "from=2014-01-01&to=2014-12-31&view=full"
        assert head in client.get(f"/bulletin?{query}").text
        shown = json.loads(client.get(f"/bulletin.json?{query}").text)
        assert shown["leaks"]["hosts"][0]["noted_elsewhere"] == 1
    assert "Same file elsewhere" in write_text(full, str)

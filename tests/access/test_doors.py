"""What staff may do in the police rooms they can do by a page and by a command."""

from tests.access.doors import asked_by_a_page, by_command, by_page, with_holes
from tests.access.expected_doors import WITHOUT_A_COMMAND, WITHOUT_A_PAGE
from tests.access.program import all_actions

OF_STAFF = {
    name for name, action in all_actions().items() if name.startswith("police.") and action.roles
}


def test_every_action_of_the_police_rooms_has_a_command_or_a_reason() -> None:
    assert OF_STAFF - set(by_command()) == set(WITHOUT_A_COMMAND)
    instead = {each.instead for each in WITHOUT_A_COMMAND.values()} - {""}
    assert instead <= set(by_command())


def test_every_action_of_the_police_rooms_has_a_page_or_a_reason() -> None:
    assert OF_STAFF - set(by_page()) == set(WITHOUT_A_PAGE)
    instead = {each.instead for each in WITHOUT_A_PAGE.values()} - {""}
    assert instead <= set(by_page())


def test_every_such_page_is_led_to_by_a_form_or_a_link() -> None:
    asked = asked_by_a_page()
    led = {
        name for name, routes in by_page().items() if any(with_holes(r) in asked for r in routes)
    }
    assert OF_STAFF - led == set(WITHOUT_A_PAGE)


def test_doors_are_read_from_the_program() -> None:
    """Direct, through a helper, and through a class; an action's own calls are not its door's."""
    commands, pages = by_command(), by_page()
    assert commands["police.cases.actions.read_case"] == {"cases show"}
    assert commands["police.evidence.passes.keep_found"] == {"exhibits examine"}
    assert "POST /removals/mails" in pages["police.removals.mailed.actions.import_mail"]
    assert "police.outcomes.actions.review_case" not in commands

"""The shell of this node's pages: templates, languages and navigation, made once at start."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import jinja2
from starlette.requests import Request

import tipbridge
from tipbridge.foundation.base.defanging import defang_address, defang_once
from tipbridge.foundation.node import Node
from tipbridge.web import show
from tipbridge.web.language import Catalogue, Language, english_of, read_catalogue
from tipbridge.web.messages import Message, read_messages
from tipbridge.web.nav import Approvable, NavEntry, is_current
from tipbridge.web.refusals import Refusals
from tipbridge.web.turns import Turns


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """What every page needs of the node that shows it."""

    node: Node
    navigation: tuple[NavEntry, ...]
    environments: Mapping[Language, jinja2.Environment]
    catalogues: Mapping[Language, Catalogue]
    refusals: Mapping[Language, Refusals]
    approvables: tuple[Approvable, ...] = ()
    turns: Turns = field(default_factory=Turns)


def build_shell(
    node: Node,
    navigation: tuple[NavEntry, ...],
    approvables: tuple[Approvable, ...] = (),
    phrases: Mapping[Language, Mapping[str, str]] | None = None,
) -> Shell:
    """The shell of `node`; `navigation` is in the order of the road.

    Shape: `phrases` are what rooms have in each language themselves and refusals may quote.
    """
    given = phrases or {}
    return Shell(
        node=node,
        navigation=navigation,
        approvables=approvables,
        environments={language: environment(language) for language in Language},
        catalogues={language: catalogue(language) for language in Language},
        refusals={
            language: Refusals(
                messages=messages(language),
                terms=catalogue(language),
                phrases=given.get(language, {}),
            )
            for language in Language
        },
    )


def shell_of(request: Request) -> Shell:
    """The shell of the program that serves this request."""
    shell = request.app.state.shell
    assert isinstance(shell, Shell)
    return shell


def template_folders() -> tuple[Path, ...]:
    """Every room's templates folder; names inside begin with the room, so none can clash."""
    return tuple(sorted(path for path in _home().rglob("templates") if path.is_dir()))


@functools.cache
def catalogue(language: Language) -> Catalogue:
    """All rooms' translations into `language`; English texts are their own, but for codes."""
    if language is Language.ENGLISH:
        return english_of(catalogue(Language.KOREAN))
    return read_catalogue(_home().rglob(f"locale/{language}.po"))


@functools.cache
def messages(language: Language) -> tuple[Message, ...]:
    """All rooms' refusals in `language`; in English none, since rooms refuse in it."""
    return read_messages(_home().rglob(f"locale/{language}.refusals.po"))


@functools.cache
def environment(language: Language) -> jinja2.Environment:
    """Templates that speak `language`: everything escaped, an unknown name is an error."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(template_folders()),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    _speak(made, catalogue(language))
    made.filters.update(  # pyright: ignore[reportUnknownMemberType] - jinja2 leaves it open
        when=show.when,
        day=show.day,
        count=show.count,
        size=show.size,
        short=show.short,
        breakable=show.breakable,
        defang=defang_once,
        defang_address=defang_address,
    )
    made.tests.update(  # pyright: ignore[reportUnknownMemberType]
        current=is_current  # pyright: ignore[reportArgumentType] - jinja2 names only its own
    )
    return made


def _speak(made: jinja2.Environment, texts: Catalogue) -> None:
    """Have `_("…")` in a template say it as the template's own room does."""

    @jinja2.pass_context
    def gettext(context: jinja2.runtime.Context, text: str) -> str:
        return texts.gettext(text, _room(context))

    @jinja2.pass_context
    def ngettext(context: jinja2.runtime.Context, one: str, many: str, count: int) -> str:
        return texts.ngettext(one, many, count, _room(context))

    made.install_gettext_callables(  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType] - added by the extension
        gettext, ngettext, newstyle=False
    )


def _room(context: jinja2.runtime.Context) -> str:
    return (context.name or "").partition("/")[0]


def _home() -> Path:
    return Path(tipbridge.__file__).parent

"""Verbs on a host's own texts: write one, take it back, look at all with what they make."""

from dataclasses import dataclass

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.police.removals import wording
from tipbridge.police.removals.hosts import host_known
from tipbridge.police.removals.model import Host, NoticeLanguage, NoticeStep
from tipbridge.police.removals.texts import store
from tipbridge.police.removals.wording import Template

WRITERS = (Role.INVESTIGATOR, Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class HostText:
    """One text of a host: its own or the usual one, and what it makes of an example."""

    language: NoticeLanguage
    step: NoticeStep
    own: bool
    text: Template
    example: Template


@dataclass(frozen=True, slots=True, kw_only=True)
class HostTexts:
    """Every text that a host may be sent, by language and step."""

    host: Host
    texts: tuple[HostText, ...]


@action("removals.host.text.written", roles=WRITERS)
def write_text(
    work: Work,
    host: str,
    *,
    language: NoticeLanguage,
    step: NoticeStep,
    subject: str,
    body: str,
) -> HostText:
    """Give a host its own text of a notice; others keep the usual one.

    Errors: NotFound for a host that is not written down; Invalid, which names what is wrong
    with a placeholder, or which one is missing.
    """
    known = host_known(work, host)
    text = wording.read_template(subject, body)
    store.put_text(work.db, known.name, (language, step), text, by=work.actor.id, at=work.now)
    work.record(known.id, language=language, step=step)
    return _shown(work, known, language, step, text, own=True)


@action("removals.host.text.dropped", roles=WRITERS)
def drop_text(work: Work, host: str, *, language: NoticeLanguage, step: NoticeStep) -> None:
    """Let a host be sent the usual text again.

    Errors: NotFound for a host, or a text of its own, that is not there.
    """
    known = host_known(work, host)
    if not store.drop_text(work.db, known.name, (language, step)):
        raise NotFound("own text of the host", f"{language}/{step}")
    work.record(known.id, language=language, step=step)


@action("removals.host.texts.read", roles=WRITERS)
def read_texts(work: Work, host: str) -> HostTexts:
    """Every text that a host may be sent, with what it makes of an example.

    Errors: NotFound.
    """
    known = host_known(work, host)
    own = store.texts_of(work.db, known.name)
    texts = tuple(
        _shown(
            work,
            known,
            language,
            step,
            own.get((language, step)) or wording.usual_template(language, step),
            own=(language, step) in own,
        )
        for language in NoticeLanguage
        for step in NoticeStep
    )
    work.record(known.id, own=len(own))
    return HostTexts(host=known, texts=texts)


def text_for(work: Work, host: str, step: NoticeStep, language: NoticeLanguage) -> Template:
    """The text of a notice to a host, within the caller's own action."""
    own = store.texts_of(work.db, host)
    return own.get((language, step)) or wording.usual_template(language, step)


def _shown(
    work: Work, host: Host, language: NoticeLanguage, step: NoticeStep, text: Template, *, own: bool
) -> HostText:
    subject, body = wording.example_of(
        text, language, host=host.name, agency=work.node.name, synthetic=work.node.synthetic
    )
    return HostText(
        language=language,
        step=step,
        own=own,
        text=text,
        example=Template(subject=subject, body=body),
    )

"""Hand a notice to a host: by e-mail, or to its webhook. Never raises for what the network does."""

import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from http import HTTPStatus

import httpx2

from tipbridge.foundation.base.canonical import canonical_json
from tipbridge.foundation.node import Node, Settings
from tipbridge.police.removals.asking import Asker, PinnedPlace, Refused
from tipbridge.police.removals.model import Channel, Notice
from tipbridge.police.removals.places import host_of, split_web
from tipbridge.sharing.notices.messages import notice_value
from tipbridge.sharing.notices.model import NoticeDocument

NOTICE_TYPE = "application/vnd.tipbridge.removal-notice+json"
"""The type under which a notice to a webhook is signed (DSSE, with the node's signing key)."""

SENT = ""
_TAKEN = frozenset({HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.ACCEPTED, HTTPStatus.NO_CONTENT})


def send(node: Node, notice: Notice, address: str, asker: Asker) -> str:
    """Send a notice; empty when it was taken, else a closed word for what went wrong.

    Shape: `address` is the defanged one.
    """
    if notice.channel is Channel.EMAIL:
        return _by_email(node, notice)
    return _to_webhook(node, notice, address, asker)


def message_of(node: Node, notice: Notice, sender: str) -> EmailMessage:
    """The notice as an e-mail; sent again it has the same id, so a reader sees it is the same."""
    message = EmailMessage()
    message["From"] = Address(display_name=node.name, addr_spec=sender)
    message["To"] = Address(addr_spec=notice.recipient)
    message["Subject"] = notice.subject
    message["Date"] = format_datetime(notice.made_at)
    message["Message-ID"] = f"<{notice.id}@{node.id}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(notice.body, charset="utf-8")
    return message


_PROBLEMS: tuple[tuple[type[OSError], str], ...] = (
    (smtplib.SMTPRecipientsRefused, "recipient-refused"),
    (smtplib.SMTPAuthenticationError, "sign-in-refused"),
    (ssl.SSLError, "certificate-refused"),
    (smtplib.SMTPException, "mail-server-refused"),
    (OSError, "mail-server-silent"),
)


def _by_email(node: Node, notice: Notice) -> str:
    settings = node.settings
    if settings.removal_smtp_host is None or settings.removal_sender is None:
        return "no-mail-server"
    if settings.removal_smtp_security == "none" and not node.synthetic:
        return "not-encrypted"
    try:
        with _server(settings) as server:
            server.send_message(message_of(node, notice, settings.removal_sender))
    except OSError as error:  # every error of smtplib and ssl is one
        return next(word for kind, word in _PROBLEMS if isinstance(error, kind))
    return SENT


def _server(settings: Settings) -> smtplib.SMTP:
    host, port = settings.removal_smtp_host or "", settings.removal_smtp_port
    patience, trust = settings.send_patience_seconds, ssl.create_default_context()
    if settings.removal_smtp_security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=patience, context=trust)
    else:
        server = smtplib.SMTP(host, port, timeout=patience)
        if settings.removal_smtp_security == "starttls":
            server.starttls(context=trust)
    password = settings.removal_smtp_password
    if settings.removal_smtp_username is not None and password is not None:
        server.login(settings.removal_smtp_username, password.get_secret_value())
    return server


def document_of(node: Node, notice: Notice, address: str) -> NoticeDocument:
    """What a program is told of a notice: the defanged address, and what is asked."""
    return NoticeDocument(
        notice=notice.id,
        sender=node.id,
        synthetic=node.synthetic,
        step=notice.step,
        host=notice.host,
        address=address,
        made_at=notice.made_at,
        subject=notice.subject,
        text=notice.body,
    )


def webhook_document(node: Node, notice: Notice, address: str) -> bytes:
    """What a webhook is told, signed."""
    payload = canonical_json(notice_value(document_of(node, notice, address)))
    return node.keys.sign(NOTICE_TYPE, payload)


def _to_webhook(node: Node, notice: Notice, address: str, asker: Asker) -> str:
    parts = split_web(notice.recipient)
    if parts is None or host_of(parts) is None:
        return "not-an-address"
    place = asker.pin(parts)
    if isinstance(place, Refused):
        return place.outcome.value
    return _posted(webhook_document(node, notice, address), notice, place, asker)


def _posted(body: bytes, notice: Notice, place: PinnedPlace, asker: Asker) -> str:
    headers = {
        "content-type": "application/json",
        "idempotency-key": notice.id,
    }
    try:
        status = asker.status(place, "POST", content=body, headers=headers)
    except httpx2.TimeoutException:
        return "timeout"
    except (httpx2.HTTPError, OSError):
        return "unreachable"
    return SENT if status in _TAKEN else f"status-{status}"

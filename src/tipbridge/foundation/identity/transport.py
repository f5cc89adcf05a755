"""A node's certificate for TLS with its peers: a fresh key, certified by the key on its card.

Whoever pinned a card needs nothing else: the card's signing key is the only authority that is
asked, and it answers for its own node alone. A peer's certificate is taken for as long as its
card is, whatever its dates say: the end of a pin ends it, not a clock.
"""

import functools
import os
import ssl
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tipbridge.foundation.base.errors import IntegrityFailure
from tipbridge.foundation.identity.signing import signing_key_id

_BEGIN, _NO_END = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
_SUBJECT, _PINNED = "tipbridge exchange", "tipbridge pinned"
_NO_CHECK_TIME = 0x200000
"""X509_V_FLAG_NO_CHECK_TIME of OpenSSL (x509_vfy.h), for which Python has no name."""
_FLAGS = ssl.VERIFY_X509_PARTIAL_CHAIN | ssl.VerifyFlags(_NO_CHECK_TIME)


@dataclass(frozen=True, slots=True, kw_only=True)
class TransportKey:
    """A private key that lives in memory alone, and its certificate."""

    private_key: Ed25519PrivateKey = field(repr=False)
    certificate: x509.Certificate

    def pem(self) -> bytes:
        """Both, as OpenSSL reads them."""
        key = self.private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return key + self.certificate.public_bytes(Encoding.PEM)


def certify(signing_key: Ed25519PrivateKey) -> TransportKey:
    """A fresh key, certified by a node's signing key for both ends of a connection."""
    private_key = Ed25519PrivateKey.generate()
    issuer = signing_key.public_key()
    usage = x509.ExtendedKeyUsage(
        [ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH]
    )
    made = (
        _named(_SUBJECT, signing_key_id(issuer.public_bytes_raw()), private_key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(certifies=False), critical=True)
        .add_extension(usage, critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer), critical=False)
    )
    return TransportKey(private_key=private_key, certificate=made.sign(signing_key, None))


@functools.lru_cache(maxsize=8)
def own_transport_key(signing_key: Ed25519PrivateKey) -> TransportKey:
    """This process's own, made once for each signing key."""
    return certify(signing_key)


@functools.lru_cache(maxsize=1024)
def anchor_of(public_key: bytes) -> x509.Certificate:
    """A pinned signing key in the form in which OpenSSL takes whom it trusts.

    Shape: it says itself that it is trusted, so that nobody's signature on it is asked; it may
    certify an end, and no further authority.
    """
    key = Ed25519PublicKey.from_public_bytes(public_key)
    made = (
        _named(signing_key_id(public_key), _PINNED, key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(certifies=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )
    return made.sign(Ed25519PrivateKey.generate(), None)


def mutual_context(own: TransportKey, pinned: Collection[bytes], *, server: bool) -> ssl.SSLContext:
    """TLS 1.3 in which both ends show certificates; the other one's is of a `pinned` signing key.

    Shape: nobody else is trusted and no name is asked; nothing is resumed, so that each
    connection shows its certificate again.
    """
    protocol = ssl.PROTOCOL_TLS_SERVER if server else ssl.PROTOCOL_TLS_CLIENT
    context = ssl.SSLContext(protocol)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = False
    context.verify_mode = ssl.CERT_REQUIRED
    context.verify_flags |= _FLAGS
    context.options |= ssl.OP_NO_TICKET
    if server:
        context.num_tickets = 0
    anchors = b"".join(anchor_of(key).public_bytes(Encoding.DER) for key in sorted(set(pinned)))
    if anchors:
        context.load_verify_locations(cadata=anchors)
    _load(context, own)
    return context


def key_id_of(certificate: bytes) -> str:
    """Which signing key a peer's certificate says it is of: to learn whom to ask, nothing else.

    Errors: IntegrityFailure when it is none.
    """
    try:
        issuer = x509.load_der_x509_certificate(certificate).issuer
        (name,) = issuer.get_attributes_for_oid(NameOID.COMMON_NAME)
    except ValueError as error:
        raise IntegrityFailure("This is not a node's certificate.") from error
    return str(name.value)


def is_certified_by(public_key: bytes, certificate: bytes) -> bool:
    """Whether exactly this signing key certified it, with no other in between."""
    try:
        x509.load_der_x509_certificate(certificate).verify_directly_issued_by(anchor_of(public_key))
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _load(context: ssl.SSLContext, own: TransportKey) -> None:
    """OpenSSL reads keys from files only: one that is memory, and gone when it was read."""
    descriptor = os.memfd_create("tipbridge-transport", os.MFD_CLOEXEC)
    with os.fdopen(descriptor, "wb") as file:
        file.write(own.pem())
        file.flush()
        context.load_cert_chain(f"/proc/self/fd/{descriptor}")


def _named(subject: str, issuer: str, key: Ed25519PublicKey) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(_BEGIN)
        .not_valid_after(_NO_END)
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _key_usage(*, certifies: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certifies,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certifies,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )

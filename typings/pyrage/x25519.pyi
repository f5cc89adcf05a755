"""X25519 identities and recipients."""

from typing import final

@final
class Recipient:
    @staticmethod
    def from_str(text: str) -> Recipient: ...

@final
class Identity:
    @staticmethod
    def generate() -> Identity: ...
    @staticmethod
    def from_str(text: str) -> Identity: ...
    def to_public(self) -> Recipient: ...

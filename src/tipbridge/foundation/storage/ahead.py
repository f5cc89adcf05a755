"""Files sealed ahead of a decision: none has a name on the disk before all are kept."""

from pyrage.x25519 import Identity

from tipbridge.foundation.storage.vault import Sealed, Sealer, Vault


class GroupAhead:
    """A group of sealed files whose key is in memory alone until `keep`.

    Shape: small files wait in memory, others in files without a name: a process that dies, or
    `abort`, leaves nothing. Asked for only where `Vault.can_be_nameless`.
    """

    def __init__(self, vault: Vault, key_id: str) -> None:
        self.key_id = key_id
        self._vault, self._group = vault, Identity.generate()
        self._sealers: list[Sealer] = []

    def sealer(self, file_id: str) -> Sealer:
        """Begin a file of the group."""
        group = self._group.to_public()
        sealer = Sealer(self._vault, self.key_id, file_id, group, nameless=True)
        self._sealers.append(sealer)
        return sealer

    def keep(self, file_id: str, data: bytes) -> tuple[Sealed, list[Sealed]]:
        """Make the group durable: a first file from memory, and those that wait, in their order.

        Errors: Conflict when the group has a key; Unavailable when the disk refuses.
        """
        first = self._vault.seal_first(self.key_id, file_id, data, group=self._group)
        return first, [sealer.finish() for sealer in self._sealers]

    def abort(self) -> None:
        """Leave nothing of what still waits."""
        for sealer in self._sealers:
            sealer.abort()

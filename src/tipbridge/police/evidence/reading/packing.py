"""Files that a system packed: macOS (`decmpfs`) on HFS+, as the Sleuth Kit's binding lists them, and Windows.

It unpacks what is kept as it is in an attribute. Of the rest it lists nothing, or where the packed bytes lie.
"""

from typing import Any

import pytsk3

_DATA, _RECORD = pytsk3.TSK_FS_ATTR_TYPE_HFS_DATA, pytsk3.TSK_FS_ATTR_TYPE_HFS_COMP_REC
_ELSEWHERE = int(pytsk3.TSK_FS_ATTR_NONRES) | int(pytsk3.TSK_FS_ATTR_COMP)
_WINDOWS_DATA, _WINDOWS_NAME = pytsk3.TSK_FS_ATTR_TYPE_NTFS_DATA, b"WofCompressedData"
"""Where Windows keeps a packed file (CompactOS), whose own data are not stored then. Source: Microsoft, `wofapi.h`."""


class Packing:
    """What is seen of one file's packing, attribute by attribute."""

    def __init__(self, flags: int, *, of_hfs: bool) -> None:
        self._is_packed = of_hfs and bool(flags & int(pytsk3.TSK_FS_META_FLAG_COMP))
        self._has_record = self._has_fork = self._is_unpacked = False

    def leaves_out(self, about: Any) -> bool:  # noqa: ANN401 - of the library
        """Whether an attribute only says where packed bytes lie, which are listed by themselves."""
        if not self._is_packed:
            return False
        self._has_record = self._has_record or about.type == _RECORD
        if about.type != _DATA:
            return False
        if about.name is None:
            self._has_fork = True
            return False
        self._is_unpacked = not int(about.flags) & _ELSEWHERE
        return not self._is_unpacked

    @property
    def is_unread(self) -> bool:
        """Whether the content is packed and was not had; a fork beside a record is not the content."""
        has_content = self._is_unpacked or (self._has_fork and not self._has_record)
        return self._is_packed and not has_content


def is_content(about: Any) -> bool:  # noqa: ANN401 - of the library
    """Whether an attribute is the file itself: it has no name, or that of what the library unpacked."""
    return about.name is None or about.type == _DATA


def packed_by_windows(about: Any) -> bool:  # noqa: ANN401 - of the library
    """Whether an attribute is what Windows packed a file to."""
    return about.type == _WINDOWS_DATA and about.name == _WINDOWS_NAME

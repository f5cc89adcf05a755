"""Types of the part of pytsk3 that this project uses (the wheel has none)."""

from collections.abc import Iterator
from typing import Any

class Img_Info:
    def __init__(self, url: str = "", type: int = ...) -> None: ...
    def read(self, offset: int, length: int) -> bytes: ...
    def get_size(self) -> int: ...
    def close(self) -> None: ...

class Attribute:
    info: Any
    def __iter__(self) -> Iterator[Any]: ...

class File:
    info: Any
    def __iter__(self) -> Iterator[Attribute]: ...
    def read_random(
        self, offset: int, length: int, type: int = ..., id: int = ..., flags: int = ...
    ) -> bytes: ...

class Directory:
    info: Any
    def __iter__(self) -> Iterator[File]: ...

class FS_Info:
    info: Any
    def __init__(self, img: Img_Info, offset: int = ..., type: int = ...) -> None: ...
    def open_dir(self, path: str = ..., inode: int = ...) -> Directory: ...
    def open_meta(self, inode: int) -> File: ...

class Volume_Info:
    info: Any
    def __init__(self, img: Img_Info, type: int = ..., offset: int = ...) -> None: ...
    def __iter__(self) -> Iterator[Any]: ...

TSK_IMG_TYPE_EXTERNAL: int
TSK_VS_PART_FLAG_ALLOC: int
TSK_VS_TYPE_DETECT: int
TSK_VS_TYPE_DOS: int
TSK_VS_TYPE_GPT: int
TSK_FS_ATTR_TYPE_DEFAULT: int
TSK_FS_ATTR_TYPE_NTFS_DATA: int
TSK_FS_ATTR_TYPE_HFS_DEFAULT: int
TSK_FS_ATTR_TYPE_HFS_DATA: int
TSK_FS_ATTR_TYPE_HFS_RSRC: int
TSK_FS_ATTR_TYPE_HFS_COMP_REC: int
TSK_FS_ATTR_NONRES: int
TSK_FS_ATTR_ENC: int
TSK_FS_ATTR_COMP: int
TSK_FS_ATTR_RUN_FLAG_SPARSE: int
TSK_FS_ATTR_RUN_FLAG_FILLER: int
TSK_FS_META_TYPE_REG: int
TSK_FS_META_TYPE_DIR: int
TSK_FS_META_TYPE_LNK: int
TSK_FS_META_TYPE_VIRT: int
TSK_FS_META_TYPE_VIRT_DIR: int
TSK_FS_META_FLAG_UNALLOC: int
TSK_FS_META_FLAG_COMP: int
TSK_FS_TYPE_HFS: int
TSK_FS_TYPE_ISO9660: int
TSK_FS_NAME_FLAG_UNALLOC: int

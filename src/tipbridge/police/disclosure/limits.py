"""What the tools behind an examination are known not to do; goes into every bundle."""

from collections.abc import Mapping

_OF_QEMU = "Disks of this kind are compared with what qemu-img made them of; no other maker's are."
_NO_DIFFERENCE = "A disk that holds only what changed against another is refused."
KNOWN_LIMITS: Mapping[str, tuple[str, ...]] = {
    "tipbridge": (
        "Carving finds whole files that begin at a sector or lie in slack; pieces are not found.",
        "Nothing over 16 MiB is carved, and only JPEG, PNG, GIF, BMP, WebP, AVI, ISO media and ZIP.",
        "A carved file is as long as its header says; what lies within it is not carved again.",
        "What is deleted, in slack or in free space may be overwritten in part; findings say so.",
        "FAT and exFAT keep local time, often without a zone; it is read here as if it were UTC.",
        "Encrypted volumes and files (NTFS, ext4) are named as such and not opened.",
        "NTFS files that Windows packed (CompactOS) are named packed-by-system and not unpacked.",
        "File systems that no partition table names are found at a mebibyte, a cylinder, or behind a partition.",
        "A near hit says that pictures are alike, not that they are the same; it is no finding.",
        "How many frames of a long film are compared ends by time; where it did, the file says so.",
        "Archives in archives are opened four deep; 7z and RAR archives are not opened, and are counted so.",
        "Of archives put behind other content only zip is looked for, by its last kilobyte.",
        "What documents, mail, mail stores and databases (PDF, EML, PST, SQLite) hold within is not taken out.",
        "ewfacquirestream names no bad sectors: an E01 made with it lists none of its own.",
        "QCOW2 and VDI disks are compared with what qemu-img made them of; no other maker's are.",
        "QCOW2 of version 1, and those encrypted or packed with Zstandard, are refused.",
        "An exact hit says that the bytes stand on a list, not that the list is right.",
    ),
    "libfsapfs-python": (
        "APFS: deleted entries and snapshots are not listed; their blocks are searched as free space.",
        "APFS is tried on containers of the makers' own tests only, and with no other tool.",
    ),
    "libmodi-python": (
        "Apple disk images with ADC or LZFSE chunks, and sparse ones, are compared with no other tool.",
        "Of the checksums of an Apple disk image that of its stored data is compared, no other.",
        "Apple disk images with LZMA chunks and encrypted ones are refused.",
    ),
    "libvmdk-python": (_OF_QEMU, _NO_DIFFERENCE),
    "libvhdi-python": (
        _OF_QEMU,
        _NO_DIFFERENCE,
        "A VHDX whose log holds changes that were not written to their places is refused.",
    ),
    "pytsk3": (
        "FAT, exFAT, NTFS and ext2 to 4 are compared with other tools; other file systems are not.",
        "Files that macOS packed on HFS+ are named as such and not unpacked.",
        "NTFS files read as zeros behind their initialised length; what lies there is searched as slack.",
        "Compressed NTFS files are read through the library; their slack is not looked into.",
    ),
}
"""By tool: one sentence for each limit. A tool without an entry has none that is known here."""

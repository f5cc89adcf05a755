"""Which class of data each label is: the one table of who writes a part and who lets it in. Pure."""

from collections.abc import Iterable, Mapping

from tipbridge.knowledge.agreements.fields import matches
from tipbridge.knowledge.agreements.words import DataClass

CLASSES: Mapping[str, DataClass] = {
    "report/*": DataClass.INCIDENT,
    "incident/*": DataClass.INCIDENT,
    "incident/addresses/*": DataClass.MATERIAL_ADDRESS,
    "people/*/role": DataClass.ACCOUNT,
    "people/*/name": DataClass.NAME,
    "people/*/birth_date": DataClass.AGE,
    "people/*/age": DataClass.AGE,
    "people/*/country": DataClass.LOCATION,
    "people/*/place": DataClass.ACCOUNT,
    "people/*/accounts/*": DataClass.ACCOUNT,
    "people/*/related/*": DataClass.ACCOUNT,
    "people/*/emails/*": DataClass.CONTACT,
    "people/*/phones/*": DataClass.CONTACT,
    "people/*/ips/*": DataClass.IP,
    "people/*/devices/*": DataClass.DEVICE,
    "files/*/digests": DataClass.CONTENT_HASH,
    "files/*/content": DataClass.CONTENT,
    "files/*/marks": DataClass.INCIDENT,
    "files/*/matches": DataClass.INCIDENT,
    "files/*/address": DataClass.MATERIAL_ADDRESS,
    "lead/*": DataClass.INCIDENT,
    "favours/*": DataClass.FAVOURS,
    "release/*": DataClass.INCIDENT,
}
"""By path, forms included; a `*` is one step of any name. Readers go by label, rules by class."""


def class_of(label: str) -> DataClass | None:
    """The class that a label's parts are of; None for a label that no reader here knows."""
    shape = _shape(label.partition("~")[0])
    return next((each for path, each in _BY_SHAPE.get(shape, ()) if matches(path, label)), None)


def speaks_of_some(pattern: str) -> bool:
    """Whether a path pattern of an agreement can speak of any part."""
    steps = pattern.split("/")
    return any(
        len(steps) == len(known)
        and all(
            step == word or "*" in (step, word) for step, word in zip(steps, known, strict=True)
        )
        for known in (path.split("/") for path in CLASSES)
    )


def mislabelled(parts: Iterable[tuple[str, DataClass]]) -> tuple[str, ...]:
    """Labels whose parts are not of the class that they say, with the class they must be of.

    Shape: what favours somebody passes every rule, so it stands under its own labels alone.
    """
    found: list[str] = []
    for label, said in parts:
        known = class_of(label)
        if known is not None and known is not said:
            found.append(f"{label}: {said}, must be {known}")
        elif known is None and said is DataClass.FAVOURS:
            found.append(f"{label}: {said}, must be favours/N")
    return tuple(found)


def _shape(path: str) -> tuple[str, int]:
    steps = path.split("/")
    return steps[0], len(steps)


_BY_SHAPE: dict[tuple[str, int], tuple[tuple[str, DataClass], ...]] = {
    shape: tuple(item for item in CLASSES.items() if _shape(item[0]) == shape)
    for shape in map(_shape, CLASSES)
}

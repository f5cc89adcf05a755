"""The closed lists people are counted by: their order and their English words; pure."""

from collections.abc import Mapping, Sequence

from tipbridge.bulletin.model import UNKNOWN, Definitions, Dimension

DIMENSIONS: Mapping[Dimension, str] = {
    Dimension.STAGE: "Stage",
    Dimension.CUSTODY: "Custody",
    Dimension.AGE_BAND: "Age at the act",
    Dimension.REASON: "Reason",
    Dimension.OFFENCE: "Offence",
    Dimension.ACT: "Act",
    Dimension.PLACE: "Place of posting",
    Dimension.SCHOOL: "School",
    Dimension.SELF_PRODUCED: "Self-produced",
    Dimension.MOTIVE: "Stated motive",
    Dimension.ORIGIN: "Origin",
    Dimension.CHANNEL: "Channel",
}

WORDS: Mapping[Dimension, Mapping[str, str]] = {
    Dimension.STAGE: {
        "inquiry": "inquiry open",
        "not-booked": "not booked",
        "booked": "booked",
        "sent-to-prosecutor": "sent to the prosecutor",
        "not-sent": "not sent to the prosecutor",
        "investigation-suspended": "investigation suspended",
        "prosecution-stayed": "prosecution stayed",
        "on-appeal": "on appeal",
    },
    Dimension.CUSTODY: {"not-detained": "without detention", "detained": "detained"},
    Dimension.AGE_BAND: {"under-10": "under 10", "60-up": "60 and over"},
    Dimension.REASON: {
        "suspicion": "suspicion",
        "below-age": "under the age of criminal responsibility",
        "minor-violation": "minor violation",
        "no-suspicion": "no suspicion",
        "at-risk": "likely to offend",
        "no-crime-made-out": "no crime made out",
        "limitation-run-out": "no right to prosecute: limitation run out",
        "death-of-suspect": "no right to prosecute: the suspect has died",
        "no-right-to-prosecute": "no right to prosecute: judgment, pardon, repeal or the like",
        "dismissal": "dismissed without inquiry",
        "no-crime-found": "no charge: no crime found",
        "insufficient-evidence": "no charge: evidence insufficient",
        "suspect-not-found": "the suspect cannot be found",
        "witness-not-found": "a witness cannot be found",
    },
    Dimension.OFFENCE: {
        "production": "production",
        "distribution-for-profit": "distribution for profit",
        "distribution": "distribution",
        "procurement": "procurement of a child",
        "possession": "possession",
        "advertising": "advertising",
        "advertising-without-profit": "advertising without profit",
        "purchase": "buying",
        "viewing": "viewing",
        "attempted-production": "attempted production",
        "habitual-production": "production by habit",
    },
    Dimension.ACT: {
        "posted": "posted",
        "distributed": "distributed",
        "possessed": "possessed",
        "prepared-sales-site": "prepared a sales site",
    },
    Dimension.PLACE: {
        "social-network": "social network",
        "video-site": "video site",
        "cloud-drive": "cloud drive",
        "chat": "chat",
        "web": "web page",
        "paid-site": "paid site",
        "other": "other place",
    },
    Dimension.SCHOOL: {
        "elementary": "elementary school",
        "middle": "middle school",
        "high": "high school",
        "university": "university",
        "none": "not at school",
    },
    Dimension.SELF_PRODUCED: {"yes": "yes", "no": "no"},
    Dimension.MOTIVE: {
        "showing-off": "showing off to peers",
        "followers": "number of followers",
        "accident": "by accident",
        "curiosity": "curiosity",
        "money": "money",
        "coerced": "made to by somebody",
        "other": "other motive",
    },
    Dimension.ORIGIN: {
        "provider-tip": "tip of a provider",
        "liaison-lead": "lead of a liaison",
    },
    Dimension.CHANNEL: {
        "agreement": "under an agreement",
        "case-by-case": "case by case",
    },
}
"""English words by code, in the order of printing; a code not listed comes after, as it is."""

TABLE_TITLES: Mapping[str, str] = {
    "outcomes": "Outcomes",
    "dispositions": "Stage, custody, age and reason",
    "offences": "Offence and act",
    "places": "Place of posting and age",
    "schools": "School",
    "self-produced": "Self-produced material and stated motive",
    "origins": "Origin and channel",
}


def word_of(dimension: Dimension, code: str) -> str:
    """The English word for a code; the code itself where the list has none."""
    return WORDS.get(dimension, {}).get(code, code)


def sort_key(
    dimensions: Sequence[Dimension], values: Sequence[str], definitions: Definitions
) -> tuple[tuple[int, str], ...]:
    """Order of printing: by the closed lists, unlisted codes after, unknown last."""
    return tuple(
        _rank(dimension, code, definitions)
        for dimension, code in zip(dimensions, values, strict=True)
    )


def _rank(dimension: Dimension, code: str, definitions: Definitions) -> tuple[int, str]:
    if dimension is Dimension.AGE_BAND:
        listed = [band.code for band in definitions.age_bands]
    else:
        listed = list(WORDS[dimension])
    if code == UNKNOWN:
        return len(listed) + 1, code
    return (listed.index(code) if code in listed else len(listed)), code

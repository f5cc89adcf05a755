"""What a bulletin says besides its figures: units counted, notes, and words that differ; pure."""

from collections.abc import Mapping

from tipbridge.bulletin.model import Step

UNITS: Mapping[str, str] = {
    "people": (
        "A person counts once, in the period of the police decision, by the last decision in it."
    ),
    "age": (
        "Age in whole years at the act, by the birthday; unknown where it is not settled to one"
        " band."
    ),
    "items": (
        "An item is a file reported in a tip that led to the case or found on its exhibits,"
        " counted once per case by SHA-256."
    ),
    "days": "Median days of 24 hours between recorded steps, for people with both steps recorded.",
    "share": "Per cent of all people of this bulletin; parts may not add up to 100.",
    "leaks": (
        "Places are addresses of material that a host was asked about in the period. Still up is"
        " counted from the first notice until the host removed it; where nobody could look any"
        " more, a place counts for as long as it was watched (Kaplan and Meier)."
    ),
    "elsewhere": (
        "Reappeared is at the same address. Same file elsewhere counts places that the material"
        " went from and whose file (by SHA-256, where it is known) was noted at another address"
        " since; that address is a place of its own."
    ),
    "cases": "Cases in which at least one counted person was decided.",
}
"""What each figure counts, in English; printed in the reader's language."""

NOTES: tuple[str, ...] = (
    "Figures are of this node's cases as recorded at the time stated; later changes are possible.",
    "Only cases that the reader may see are counted; a restricted case is counted by its members.",
    "Figures are not prevalence, number of children, or number of files online.",
)

OLD_WORDS: tuple[tuple[str, str, str], ...] = (
    (
        "booked without detention",
        "indicted without arrest",
        "a police-stage status, before any decision of a prosecutor",
    ),
    (
        "not booked",
        "not indicted",
        "no suspect status; under the age of criminal responsibility is not the same as closed",
    ),
)
"""The police term, the press wording for it, and how they differ."""

HIDDEN = (
    "Cells of fewer than {floor} people, and others that would betray them, are hidden: {sign}."
)
LEAKS_TITLE = "Once leaked, hard to delete: material still up after the first notice, by host"
LEAKS_HEAD = ("Host", "Places", "24 h", "3 days", "28 days", "Reappeared", "Same file elsewhere")
WITHHELD = "withheld: too few people"
HIDDEN_SIGN = "*"

STEPS: Mapping[Step, str] = {
    Step.REPORTED: "reported by the provider",
    Step.RECEIVED: "received by the police",
    Step.DECIDED: "decided by the police",
}

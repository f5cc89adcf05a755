"""What a page needs to say a bulletin's figures in words."""

from collections.abc import Mapping
from typing import Any

from tipbridge.bulletin.vocabulary import DIMENSIONS, TABLE_TITLES, word_of
from tipbridge.bulletin.wording import NOTES, OLD_WORDS, STEPS, UNITS

FIGURE_WORDS: Mapping[str, Any] = {
    "dimension_words": DIMENSIONS,
    "titles": TABLE_TITLES,
    "word_of": word_of,
    "step_words": STEPS,
    "units": UNITS,
    "notes": NOTES,
    "old_words": OLD_WORDS,
}
"""Given to every page that includes `bulletin/figures.html`."""

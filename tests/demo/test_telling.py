"""What the demo tells on a terminal."""

import io

from rich.console import Console

from tipbridge.demo.population import draw_population
from tipbridge.demo.scenario import Scale, Wish, load_scenario
from tipbridge.demo.telling import told


def test_what_follows_the_bars_is_not_mixed_with_them():
    written = io.StringIO()
    console = Console(file=written, force_terminal=True, width=100)
    population = draw_population(load_scenario(), Wish(scale=Scale.SMALL))
    with told(population, console) as telling:
        telling.filed(3)
        telling.over()
        bars = len(written.getvalue())
        console.print("The pages stay up.")
        assert "3/200" in written.getvalue()[:bars]
        assert written.getvalue()[bars:] == "The pages stay up.\n"

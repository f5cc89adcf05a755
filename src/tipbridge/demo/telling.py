"""What the demo tells on a terminal while it runs: bars for files, reports and months."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tipbridge.demo.calendar import Calendar
from tipbridge.demo.people import Population


class Telling:
    """Hears what happens and moves the bars."""

    def __init__(self, progress: Progress, population: Population) -> None:
        people = population.people
        uploads = sum(len(report.files) for person in people for report in person.reports)
        found = sum(len(names) for person in people for names in person.devices.values())
        calendar = Calendar(population.starts_on, population.ends_on, population.step_days)
        self._progress = progress
        self._days = progress.add_task("Twelve months", total=len(list(calendar.steps())))
        self._files = progress.add_task("Files filed by services", total=uploads)
        self._of_device, self._of_earlier = 0, 0
        self._examined = progress.add_task("Known files on devices", total=found)

    def filed(self, count: int) -> None:
        """So many more files were filed."""
        self._progress.advance(self._files, count)

    def examined(self, count: int) -> None:
        """So many known files were found on the device in hand."""
        if count < self._of_device:  # another device is in hand
            self._of_earlier += self._of_device
        self._of_device = count
        self._progress.update(self._examined, completed=self._of_earlier + count)

    def stepped(self, now: datetime) -> None:
        """A step is over."""
        self._progress.update(self._days, advance=1, description=f"Twelve months · {now:%Y-%m}")

    def over(self) -> None:
        """Nothing moves any more: the bars stay where they are, and what follows is below."""
        self._progress.stop()


@contextmanager
def told(population: Population, console: Console) -> Generator[Telling]:
    """Bars on the console while the block runs; nothing when it is no terminal."""
    columns = (TextColumn("{task.description:<28}"), BarColumn(), MofNCompleteColumn())
    progress = Progress(
        *columns, TimeElapsedColumn(), console=console, disable=not console.is_terminal
    )
    with progress:
        yield Telling(progress, population)

"""Drawing the people of an operation from the scenario's facts."""

from dataclasses import dataclass
from datetime import date, timedelta

from tipbridge.demo.draw import Draw
from tipbridge.demo.people import DrawnPerson, DrawnReport, Population, Waiting
from tipbridge.demo.scenario import Cohort, Scenario, Wish

FILED_WITHIN_DAYS = 9
"""All reports on one person are filed within so many days of the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seat:
    """A person's cohort, the cohort's number, and which of how many of it this one is."""

    cohort: Cohort
    number: int
    place: int
    of: int


def draw_population(scenario: Scenario, wish: Wish) -> Population:
    """Everybody of the operation.

    Shape: with no number of people asked for, cohorts are as written and the seed moves only
    birthdays, dates and the like; with a number, cohorts are drawn too, weighing as written.
    """
    draw = Draw(scenario.seed if wish.seed is None else wish.seed)
    seats = _seats(scenario, wish, draw)
    return Population(
        seed=draw.seed,
        scale=wish.scale.value,
        starts_on=scenario.starts_on,
        ends_on=scenario.ends_on,
        time_zone=scenario.time_zone,
        step_days=scenario.step_days,
        people=tuple(
            _PersonDraw(scenario, wish, draw, f"person-{number:03}", seat).person()
            for number, seat in enumerate(seats, start=1)
        ),
    )


def _seats(scenario: Scenario, wish: Wish, draw: Draw) -> list[_Seat]:
    counts = [cohort.people for cohort in scenario.cohorts]
    if wish.people is not None:
        weights = [0 if c.always else c.people + c.also for c in scenario.cohorts]
        counts = [cohort.people if cohort.always else 0 for cohort in scenario.cohorts]
        for number in range(wish.people - sum(counts)):
            counts[draw.weighted(f"cohort/{number}", weights)] += 1
    return [
        _Seat(cohort=cohort, number=number, place=place, of=counts[number])
        for number, cohort in enumerate(scenario.cohorts)
        for place in range(counts[number])
    ]


class _PersonDraw:
    """What is drawn for one person; every value has a name of its own."""

    def __init__(self, scenario: Scenario, wish: Wish, draw: Draw, id_: str, seat: _Seat) -> None:
        self.scenario, self.draw, self.seat, self.id = scenario, draw, seat, id_
        self.cohort, self.scale = seat.cohort, wish.scale.place

    def person(self) -> DrawnPerson:
        """The person whole."""
        cohort = self.cohort
        waiting = self._waiting()
        first_on = self._first_on(waiting)
        act_on = first_on - timedelta(days=self._between("act", 1, 40))
        services = [each for each in self.scenario.services if each.place == cohort.place]
        service = self.draw.one_of(f"{self.id}/service", services)
        return DrawnPerson(
            id=self.id,
            born_on=born_on(act_on, self._age(), self._between("born", 0, 364)),
            school=cohort.school,
            service=service.name,
            described=service.describes_files,
            place=cohort.place,
            account=f"user-{self.draw.noise(f'{self.id}/account', 4).hex()}",
            email=f"{self.id}@mail.example",
            act=cohort.act,
            act_on=act_on,
            subject=cohort.subject,
            self_produced=cohort.self_produced,
            motive=self.draw.one_of(f"{self.id}/motive", cohort.motives),
            lead_on=first_on if cohort.lead else None,
            reports=self._reports(first_on),
            devices={
                device: tuple(f"{self.id}/{device}/{n:06}" for n in range(counts[self.scale]))
                for device, counts in cohort.devices.items()
            },
            waiting=waiting,
        )

    def _between(self, name: str, low: int, high: int) -> int:
        return self.draw.between(f"{self.id}/{name}", low, high)

    def _age(self) -> int:
        return self._between("age", *self.cohort.ages)

    def _waiting(self) -> Waiting:
        delays = self.scenario.delays
        return Waiting(
            analyst_days=self._between("analyst", *delays.analyst_days),
            liaison_days=self._between("liaison", *delays.liaison_days),
            answer_days=self._between("answer", *delays.answer_days),
            investigator_days=self._between("investigator", *delays.investigator_days),
        )

    def _first_on(self, waiting: Waiting) -> date:
        """A day early enough for the matter to be decided before the operation ends."""
        desks = 5
        needed = (
            FILED_WITHIN_DAYS
            + waiting.analyst_days
            + waiting.liaison_days
            + waiting.answer_days
            + waiting.investigator_days
            + desks * self.scenario.step_days
        )
        last = (self.scenario.ends_on - self.scenario.starts_on).days - needed
        return self.scenario.starts_on + timedelta(days=self._between("first", 1, last))

    def _reports(self, first_on: date) -> tuple[DrawnReport, ...]:
        names = self._files()
        count = min(self.cohort.reports[self.scale], len(names))
        found: list[DrawnReport] = []
        for number in range(count):
            own = names[number::count]
            again = names[:1] if number == 1 and count > 1 else ()
            later = number * FILED_WITHIN_DAYS // max(count, 1)
            found.append(
                DrawnReport(
                    number=number + 1,
                    filed_on=first_on + timedelta(days=later),
                    files=(*own, *again),
                )
            )
        return tuple(found)

    def _files(self) -> tuple[str, ...]:
        """Names of this person's files; where films of others go round, three people share one."""
        count = self._file_count()
        names = tuple(f"{self.id}/file/{number:05}" for number in range(count))
        if count > 1 and not self.cohort.self_produced:
            return (f"series/{self.seat.number}/{self.seat.place // 3}", *names[1:])
        return names

    def _file_count(self) -> int:
        """As written, or a little less and a little more for two neighbours of a cohort."""
        each = self.cohort.files[self.scale]
        pair, second = divmod(self.seat.place, 2)
        if not second and self.seat.place + 1 == self.seat.of:
            return each
        spread = self.draw.between(f"spread/{self.seat.number}/{pair}", 0, each // 3)
        return each + spread if second else each - spread


def born_on(act_on: date, age_years: int, days_past_birthday: int) -> date:
    """A birth date that makes somebody of `age_years` on the day of the act."""
    year = act_on.year - age_years
    if (act_on.month, act_on.day) == (2, 29):
        birthday = date(year, 3, 1)
        days_past_birthday = max(days_past_birthday, 1)
        return birthday - timedelta(days=days_past_birthday)
    return act_on.replace(year=year) - timedelta(days=days_past_birthday)

"""Who may do what, written by hand. Imports nothing of the product, on purpose.

One line per operation: its name, where it looks, and who may. An operation of the running
program that has no line here fails the build, and so does a line without an operation.

Where:
  node   concerns the node or the actor alone
  rows   concerns one tip, lead, referral, case or exhibit: only whoever sees that row
  list   shows such rows: only those that the actor sees
  shared works on rows across units by design; only its own words decide (the reason beside it)

Who: roles, and the other kinds of actor (system, provider, peer); `everyone` is every role,
`public` needs nobody to be signed in.
"""

from dataclasses import dataclass

ROLES = (
    "administrator",
    "provider-manager",
    "analyst",
    "liaison",
    "investigator",
    "examiner",
    "press",
    "auditor",
)
KINDS = ("system", "provider", "peer")
WHERE = ("node", "rows", "list", "shared")

# Which rows an actor of one's own unit sees; all else looks as if it were not there.
SEEN = {
    "own": True,  # the row belongs to the actor's unit
    "below": True,  # to a unit below it
    "above": False,  # to the unit above: an incoming tip belongs to the root until assigned
    "other": False,  # to a unit beside it
    "restricted": False,  # to the actor's unit, restricted to others
    "member": True,  # restricted, and the actor is on its list
}


@dataclass(frozen=True, slots=True)
class Cell:
    """What is expected of one operation."""

    where: str
    who: frozenset[str]


def read(table: str) -> dict[str, Cell]:
    """The lines of a table; a word that is not known is an error."""
    cells: dict[str, Cell] = {}
    for line in table.splitlines():
        if not (text := line.partition("#")[0].strip()):
            continue
        name, where, *who = (part.strip() for part in text.split("|"))
        words = set(" ".join(who).split())
        if "everyone" in words:
            words = words - {"everyone"} | set(ROLES)
        unknown = words - set(ROLES) - set(KINDS) - {"public"}
        if where not in WHERE or unknown or name in cells:
            raise ValueError(f"not a cell: {line!r} ({unknown or 'place, or a name twice'})")
        cells[name] = Cell(where=where, who=frozenset(words))
    return cells

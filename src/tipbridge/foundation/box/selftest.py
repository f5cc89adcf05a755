"""The self-test: at every start, every probe is tried from inside, and one escape closes the box."""

import dataclasses
import os
from pathlib import Path
from typing import TYPE_CHECKING, cast

from tipbridge.foundation.box import probes
from tipbridge.foundation.box.errors import BoxClosed
from tipbridge.foundation.box.model import Done, Limits, Plan, Status
from tipbridge.foundation.box.starting import environment_names

if TYPE_CHECKING:
    from tipbridge.foundation.box.pool import Box

_LIMITS = Limits(cpu_seconds=10, wall_seconds=60.0)


def with_probes(plan: Plan) -> Plan:
    """The plan, and the task that tries to escape."""
    return dataclasses.replace(plan, tasks=(*plan.tasks, probes.TRY_ALL))


def prove(box: "Box", status: Status) -> Status:
    """Try every probe inside the box and keep what became of each.

    Errors: BoxClosed naming the probes that were not denied.
    """
    arguments = {
        "path": str(Path(probes.__file__).resolve()),
        "parent": os.getpid(),
        "names": sorted(environment_names()),
    }
    outcome = box.run(probes.TRY_ALL, b"", arguments=arguments, limits=_LIMITS)
    if not isinstance(outcome, Done) or not isinstance(outcome.value, dict):
        raise BoxClosed(f"The box's self-test did not end well: {outcome}.")
    found = cast("dict[str, str]", outcome.value)
    passed = [name for name in probes.PROBES if found.get(name) != probes.DENIED]
    if passed:
        named = "; ".join(f"{name}: {found.get(name, 'no answer')}" for name in passed)
        raise BoxClosed(f"The box's self-test was not denied everything it tried ({named}).")
    return dataclasses.replace(status, probes=found)

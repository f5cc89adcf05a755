"""The refusals of the outcomes room."""

from tipbridge.foundation.base.errors import Conflict


class OutcomeForbidden(Conflict):
    """The law does not allow this outcome here; no reason opens it."""


class GroundsMissing(Conflict):
    """An outcome outside the advice needs the decider's own reason."""


class ConditionsMissing(Conflict):
    """The outcome stands only with its conditions recorded."""


class StepNotLegal(Conflict):
    """No transition of the law leads there from here; the message names those that do."""

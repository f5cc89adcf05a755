"""The refusals of the outcomes room."""

from tipbridge.foundation.base.errors import Conflict


class OutcomeForbidden(Conflict):
    """The law does not allow this outcome here; no reason opens it."""


class WrongPerson(OutcomeForbidden):
    """They were corrected as the wrong person; the message says on which day."""


class GroundsMissing(Conflict):
    """An outcome outside the advice needs the decider's own reason."""


class ConditionsMissing(Conflict):
    """The outcome stands only with its conditions recorded."""


class StepNotLegal(Conflict):
    """No transition of the law leads there from here; the message names those that do."""


class RequestWaits(Conflict):
    """A request for removal that waits to be sent or brought is none yet."""

    def __init__(self) -> None:
        super().__init__(
            "A request for removal of what shows this child has yet to go out: send the notice,"
            " or bring it by hand and record that."
        )


class OnlyByRecord(Conflict):
    """A duty of which the record says whether it is done is ended by that, and by no word."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f"Whether {code} is done follows from what is recorded: the birth date on the person, contact and"
            " guardian notice in the welfare record. Record it there."
        )


class OnlyByStep(Conflict):
    """A duty that asks for a step of the law is fulfilled by that step, and by no word."""

    def __init__(self, code: str) -> None:
        super().__init__(f"The duty {code} is done by the step that it asks for: record that step.")

"""Taking the last step of a matter back, which was written down by mistake, and telling who heard of it."""

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Conflict, NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.law.model import Custody, Stage
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases import checks
from tipbridge.police.cases.diary import actions as diary
from tipbridge.police.cases.model import Case, Person, TaskKind
from tipbridge.police.outcomes import anew, asking, stages, store
from tipbridge.police.outcomes.errors import OutcomeForbidden
from tipbridge.police.outcomes.model import StageStep, StepTakenBack
from tipbridge.police.outcomes.steps import FURTHER_STAGE
from tipbridge.sharing.referral import actions as referrals


@action("outcomes.step.taken_back", roles=(Role.INVESTIGATOR,))
def take_back_step(work: Work, person_id: str, *, stage: Stage, because: str) -> StageStep:
    """Take back the last step of somebody's matter, or the last change of custody, and say why.

    Shape: `stage` is where it led, so that nobody takes back another; stage and custody are as before it, and
    the duty that it fulfilled is open again. The step stays readable with the reason. A task waits for each
    authority that has the matter, since no message goes to those. Nobody comes to be accused or held again by it
    whom the law forbids to accuse.
    Errors: NotFound; Invalid without a reason; Conflict without a step, for another stage, and for a
    decision's own step, which another decision corrects; OutcomeForbidden; NoLaw.
    """
    person = asking.decidable(work, person_id)
    case = cases.case_seen(work, person.case_id)
    said = checks.text("because", because)
    taken = [each for each in store.steps_of(work.db, case.id) if each.person_id == person.id]
    step = _last(taken, stage)
    before = (step.before, _custody_before(taken[:-1]))
    _check_not_accused(work, case, person, before)
    mistake = StepTakenBack(
        id=work.ids.new(), step=step, because=said, by=work.actor.id, at=work.now
    )
    store.take_back_step(work.db, mistake)
    store.reopen_duties(work.db, person.id, step.recorded_at)
    cases.set_stage(work, person, stage=before[0], custody=before[1])
    anew.ensure_decision(work, case, person)
    _tell_authorities(work, case, person, taken)
    work.record(case.id, person=person.id, stage=step.before, taken_back=step.stage)
    work.emit("outcomes.step.taken_back", step_id=step.id)
    return step


@action("outcomes.step.retold", system=True)
def tell_taken_back(work: Work, *, step_id: str) -> None:
    """Tell every referral about somebody that a step was taken back; a repeat changes nothing.

    What goes back names the stage it is at again, and the one that was wrong, and nobody.
    """
    if (step := store.step_by_id(work.db, step_id)) is None:
        raise NotFound("step", step_id)
    mistake = store.step_taken_back(work.db, step_id)
    if mistake is None:
        raise Conflict("This step stands: it was not taken back.")
    person = cases.person_seen(work, step.person_id)
    about = cases.referrals_about(work, person)
    for referral_id in about:
        referrals.send_feedback(
            work,
            referral_id,
            feedback_id=mistake.id,
            outcome=FURTHER_STAGE,
            at=mistake.at,
            facts=_facts(step, person),
        )
    work.record(step.case_id, step=step.id, referrals=len(about))


def _check_not_accused(
    work: Work, case: Case, person: Person, before: tuple[Stage, Custody]
) -> None:
    """Refuse to let somebody be accused or held again whom the law of today forbids to accuse."""
    law, (stage, custody) = asking.law_of(work, case), before
    accused = stages.is_accused(law, stage) and not stages.is_accused(law, person.stage)
    held = custody is Custody.DETAINED is not person.custody
    if not accused and not held:
        return
    try:
        asking.check_step(work, case, person, stage)
        stages.check_accusable(law, asking.advice_of(work, case, person))
    except OutcomeForbidden as error:
        raise OutcomeForbidden(
            f"{error.public} Back at {stage} they would be accused: decide again, and say that it"
            " corrects."
        ) from error


def _tell_authorities(work: Work, case: Case, person: Person, taken: list[StageStep]) -> None:
    """Open a task for each authority that has the matter, unless one of the kind waits for it."""
    waiting = {
        each.title
        for each in diary.tasks_of(work, case.id)
        if (each.kind, each.person_id, each.done_at) == (TaskKind.TELL_STEP, person.id, None)
    }
    for by in stages.authorities_of(asking.law_of(work, case), taken):
        if by not in waiting:
            diary.open_task(work, case.id, TaskKind.TELL_STEP, person.id, title=by)


def _facts(step: StageStep, person: Person) -> dict[str, str]:
    custody = person.custody if person.stage is step.before else Custody.NOT_DETAINED
    return {
        "stage": step.before.value,
        "custody": custody.value,
        "step_by": step.by.value,
        "happened_on": step.on.isoformat(),
        "taken_back": step.stage.value,
    }


def _last(taken: list[StageStep], stage: Stage) -> StageStep:
    if not taken:
        raise Conflict("No step of this matter is written down that could be taken back.")
    step = taken[-1]
    if step.stage is not stage:
        raise Conflict(f"The last step led to {step.stage}, not to {stage}: look again.")
    first = next(each for each in taken if each.decision_id == step.decision_id)
    if step.decision_id is None or first.id == step.id:
        raise Conflict("This is a decision's own step: decide again, and say that it corrects.")
    return step


def _custody_before(taken: list[StageStep]) -> Custody:
    return taken[-1].custody if taken else Custody.NOT_DETAINED

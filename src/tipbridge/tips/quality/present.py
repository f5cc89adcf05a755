"""Quality in words: for commands whole, for the provider itself without what is not its own."""

from collections.abc import Iterable
from dataclasses import asdict

from tipbridge.tips.intake.model import Feedback
from tipbridge.tips.quality.model import Figures, ProviderQuality, QualityView
from tipbridge.tips.quality.rules import (
    facts_for_provider,
    outcomes_for_provider,
    word_for_provider,
)


def quality_json(quality: ProviderQuality) -> dict[str, object]:
    """One provider's figures with their shares."""
    return {
        "provider": quality.name,
        "now": _figures(quality.now),
        "before": _figures(quality.before),
    }


def view_json(view: QualityView) -> dict[str, object]:
    """A provider's page as staff see it."""
    return {
        "quality": quality_json(view.quality),
        "trend": [{"since": each.since, **_figures(each.figures)} for each in view.trend],
        "to_do": [asdict(each) for each in view.to_do],
        "reports": [asdict(line) for line in view.reports],
        "outcomes": dict(view.outcomes),
        "feedback": [{"report_id": t.report_id, **asdict(t.feedback)} for t in view.told],
        "more_feedback": view.more_told,
    }


def own_json(view: QualityView) -> dict[str, object]:
    """A provider's page as the provider reads it."""
    return {
        **view_json(view),
        "reports": [
            {**asdict(line), "feedback": [_feedback(each) for each in _told(line.feedback)]}
            for line in view.reports
        ],
        "outcomes": outcomes_for_provider(view.outcomes),
        "feedback": [
            {"report_id": each.report_id, **_feedback(each.feedback)}
            for each in view.told
            if word_for_provider(each.feedback.outcome) is not None
        ],
    }


def _told(found: Iterable[Feedback]) -> list[Feedback]:
    return [each for each in found if word_for_provider(each.outcome) is not None]


def _feedback(feedback: Feedback) -> dict[str, object]:
    """What a provider is told: nothing of where a person's case or custody stands, nor of age."""
    return {
        "id": feedback.id,
        "at": feedback.at,
        "sender": feedback.sender,
        "outcome": word_for_provider(feedback.outcome),
        "facts": facts_for_provider(feedback.facts),
    }


def _figures(figures: Figures) -> dict[str, object]:
    return {
        **asdict(figures),
        "completeness": figures.completeness,
        "actionable_share": figures.actionable_share,
    }

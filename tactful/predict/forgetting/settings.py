"""Settings of forgetting: how much a skill's own memory counts before any learning, and when a loss is told."""

from tactful.facts.remembering import expected
from tactful.kernel.settings import Agreement, Setting

MEMORY_WEIGHT = Setting(
    "forgetting.memory_weight",
    expected.MEMORY_WEIGHT,
    "How much the skill's own memory counts against how its person does of late, until something was learned.",
    low=0,
    high=1,
)
CONFIDENT_ANSWERS = Setting(
    "forgetting.confident_answers", 5.0, "Answers about a skill at which half of the confidence is reached.", low=0.1
)
LEARNED_FROM = Setting(
    "forgetting.learned_from", 0.6, "Peak mastery, as far as answers proved it, from which a skill counts as learned.",
    low=0, high=1,
)  # fmt: skip
LISTED_FROM = Setting("forgetting.listed_from", 0.1, "Loss of mastery from which it is told.", low=0, high=1)
MEDIUM_FROM = Setting(
    "forgetting.medium_from", 0.15, "Loss of mastery from which the urgency is medium.", low=0, high=1
)
HIGH_FROM = Setting("forgetting.high_from", 0.2, "Loss of mastery from which the urgency is high.", low=0, high=1)
CRITICAL_FROM = Setting(
    "forgetting.critical_from", 0.4, "Loss of mastery from which the urgency is critical.", low=0, high=1
)

AGREEMENTS = (
    Agreement(
        (LISTED_FROM, MEDIUM_FROM, HIGH_FROM, CRITICAL_FROM),
        lambda listed, medium, high, critical: (
            None
            if listed <= medium < high < critical
            else f"must rise in this order: {listed:g}, {medium:g}, {high:g}, {critical:g}"
        ),
    ),
)

SETTINGS = (MEMORY_WEIGHT, CONFIDENT_ANSWERS, LEARNED_FROM, LISTED_FROM, MEDIUM_FROM, HIGH_FROM, CRITICAL_FROM)

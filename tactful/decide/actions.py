"""What deserves attention first, of all that is believed about one person. Pure.

The order is that of the triggers: what would be said sooner comes sooner.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from tactful.decide.settings import STUCK_DAYS
from tactful.decide.triggers.reengagement import LEVELS
from tactful.facts.interactions import LOW_MOOD
from tactful.kernel.settings import Settings

# Urgency of what fades, and how much it weighs beside the levels of risk; of a low mood, and of one that is very low.
FADING = {"high": 6, "critical": 8}
STUCK, MOMENT, FOLLOW_UP = 6, 4, 3
SAD, VERY_SAD, VERY_LOW = 7, 8, -0.6
# A topic may be come back to so many days after it was last spoken of: not at once, and not when it is long past.
LATER, TOO_LATE = 2, 14
# Confidence from which something is to be done about a risk. What is known of somebody within two days (sessions, moods
# and completions: 55 of 100 in weight, of which two active days are worth two sevenths) reaches .157.
SURE_FROM = 0.16
# What to do about somebody at risk, by the type of the first step of their strategy.
STEPS = {
    "personal_check_in": "Ask them personally what got in the way.",
    "lighter_rhythm": "Offer a lighter rhythm: two short slots a week.",
    "quick_win": "Offer something short that they can finish today.",
    "easier_path": "Offer a short review of what came before.",
    "fresh_start": "Invite them to start a new count today.",
    "gentle_nudge": "Remind them where they left off.",
}
GOOD = {
    "type": "good_moment",
    "message": "It is one of their good hours, and they have done nothing yet today.",
    "action": "Suggest a short session now.",
}

Row = Mapping[str, Any]


def actions(
    risk: Row | None, plateaus: Sequence[Row], regressions: Sequence[Row], *, good_moment: bool = False,
    mood: Row | None = None, topics: Sequence[Row] = (), settings: Settings | None = None,
) -> list[dict[str, str]]:  # fmt: skip
    """type, message and action of each thing to do, most urgent first; of like urgency the larger one.

    What was suggested against a plateau and taken is no longer to be done.

    Nor is anything done about a risk of which little is known (see SURE_FROM).

    risk: risk_level, risk_confidence, reasons and reengagement_strategy; None where nothing is known. good_moment: it
    is one of their good hours, and they have done nothing yet today. mood: mood, mood_slope and last_sentiment, null
    where unknown. topics: topic and days since it was spoken of, what they speak of most first.
    """
    most = (settings or Settings({}))[STUCK_DAYS]
    found = [
        *_leaving(risk),
        *(_stuck(row) for row in plateaus if row["days_on_topic"] > most and not row["intervention_taken"]),
        *(_fading(row) for row in regressions if row["urgency"] in FADING),
        *_low(mood),
        *([(MOMENT, 1.0, GOOD)] if good_moment else ()),
        *_follow_up(topics),
    ]
    return [told for *_, told in sorted(found, key=lambda each: (-each[0], -each[1]))]


def _leaving(risk: Row | None) -> list[tuple[int, float, dict[str, str]]]:
    if risk is None or risk["risk_level"] not in LEVELS or risk["risk_confidence"] < SURE_FROM:
        return []
    (step, *_) = risk["reengagement_strategy"]["interventions"]
    reason = f" {risk['reasons'][0]}" if risk["reasons"] else ""
    message = f"The risk of leaving is {risk['risk_level']}.{reason}"
    return [(LEVELS[risk["risk_level"]][1], 1.0, _told("dropout_risk", message, STEPS[step["type"]]))]


def _stuck(row: Row) -> tuple[int, float, dict[str, str]]:
    days = row["days_on_topic"]
    message = f"Stuck on {_named(row)} for {_days(days)}"
    suggested = row["intervention_suggested"] or "Suggest another approach to it."
    return STUCK, 0.1 + 0.1 * min(1.0, days / 30), _told("learning_plateau", message, suggested)


def _fading(row: Row) -> tuple[int, float, dict[str, str]]:
    left = f"{row['current_mastery']:.2f} now, {row['peak_mastery']:.2f} at its best"
    message = f"{row['skill_name']} is fading: {left}, not practised for {_days(row['days_since_practice'])}"
    told = _told("skill_regression", message, f"Offer a short review of {row['skill_name']}.")
    return FADING[row["urgency"]], 0.3 * float(row["regression_amount"]), told


def _low(mood: Row | None) -> list[tuple[int, float, dict[str, str]]]:
    if mood is None or mood["mood"] is None or mood["mood"] > LOW_MOOD:
        return []
    now, slope = mood["mood"], mood["mood_slope"]
    moves = f", and {'rising' if slope > 0 else 'falling'} by {abs(slope):.2f} a day" if slope else ""
    last = f" Their last message was {mood['last_sentiment'].replace('_', ' ')}." if mood["last_sentiment"] else ""
    told = _told("low_mood", f"They sound low: {now:.2f} of -1 to 1{moves}.{last}", "Ask how they are, and offer help.")
    return [(VERY_SAD if now <= VERY_LOW else SAD, -now, told)]


def _follow_up(topics: Sequence[Row]) -> list[tuple[int, float, dict[str, str]]]:
    ripe = [row for row in topics if LATER <= row["days"] <= TOO_LATE][:1]
    return [
        (FOLLOW_UP, 1.0, _told("topic_follow_up", f"They spoke of {row['topic']} {_days(row['days'])} ago",
                               f"Come back to {row['topic']}."))
        for row in ripe
    ]  # fmt: skip


def _named(row: Row) -> str:
    """The skill as the catalogue calls it, with its topic; the topic alone where it has no name of its own."""
    topic, name = row["topic"], row.get("skill_name")
    known = name and name != row.get("skill_id") and name.casefold() != topic.casefold()
    return f"{name} ({topic})" if known else topic


def _told(kind: str, message: str, action: str) -> dict[str, str]:
    return {"type": kind, "message": message, "action": action}


def _days(days: int) -> str:
    return f"{days} day{'s' * (days != 1)}"

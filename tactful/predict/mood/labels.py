"""What counts as truth: what somebody said of a text, as the sentiments and emotions that are told apart."""

from collections.abc import Mapping

SENTIMENT = ("negative", "neutral", "positive")
# Source: Ekman 1992, and neutral, as GoEmotions (Demszky et al. 2020) groups them.
EMOTIONS = ("anger", "disgust", "fear", "joy", "neutral", "sadness", "surprise")
GROUP: Mapping[str, str] = {
    "anger": "negative", "disgust": "negative", "fear": "negative", "joy": "positive", "neutral": "neutral",
    "sadness": "negative", "surprise": "ambiguous",
}  # fmt: skip
# A group whose emotions are told apart less surely than it from the others, so a model may tell it as well.
NEGATIVE = "negative"
GROUPS = ("ambiguous", "negative", "neutral", "positive")

# A rating of -1 to 1 is neutral in the middle third.
THIRD = 1 / 3


def kinds(label: str) -> frozenset[str]:
    """Which of the two models a label can teach: "mood", "emotion", both ("neutral") or none.

    >>> sorted(kinds("neutral")), sorted(kinds("0.7")), sorted(kinds("joy")), sorted(kinds("2"))
    (['emotion', 'mood'], ['mood'], ['emotion'], [])
    """
    known = {"mood": sentiment(label) is not None, "emotion": emotion(label) is not None}
    return frozenset(name for name, can in known.items() if can)


def sentiment(label: str) -> str | None:
    """The sentiment that a word or a rating (-1..1) means; None for anything else."""
    told = label.strip().lower()
    if told in SENTIMENT:
        return told
    try:
        rating = float(told)
    except ValueError:
        return None
    if not -1 <= rating <= 1:
        return None
    return SENTIMENT[0] if rating < -THIRD else SENTIMENT[2] if rating > THIRD else SENTIMENT[1]


def emotion(label: str) -> str | None:
    """The emotion that a word means; None for anything else."""
    told = label.strip().lower()
    return told if told in EMOTIONS else None

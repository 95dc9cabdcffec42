"""Settings of alerts to operators."""

from importlib.util import find_spec
from typing import Any

from tactful.kernel.settings import Agreement, Setting


def _limits(name: str, above: float, below: float, told: str) -> tuple[Setting[float], Setting[float]]:
    """A limit beyond which an alert is raised, and the one at which it is cleared."""
    return (
        Setting(f"operator_alerts.{name}", above, f"{told} 1 for never.", unit="share", low=0, high=1, own=True),
        Setting(
            f"operator_alerts.{name}_clear",
            below,
            f"At or below which the alert raised by operator_alerts.{name} is cleared.",
            unit="share",
            low=0,
            high=1,
            own=True,
        ),
    )


ON = Setting("operator_alerts.on", True, "Whether operators are alerted; off, what is raised is cleared.", own=True)
PER_DAY = Setting(
    "operator_alerts.per_day",
    1,
    "How often a day each alert is told at most; what is raised beyond that is only shown in the console, and told the "
    "next day if it lasts.",
    unit="a day",
    low=0,
    high=100,
    own=True,
)
HIGH_RISK = Setting(
    "operator_alerts.high_risk_people",
    100,
    "More people at high or critical risk of leaving than this raise an alert.",
    unit="people",
    low=0,
    high=2_000_000_000,
    own=True,
)
HIGH_RISK_CLEAR = Setting(
    "operator_alerts.high_risk_people_clear",
    80,
    "At or below which the alert raised by operator_alerts.high_risk_people is cleared.",
    unit="people",
    low=0,
    high=2_000_000_000,
    own=True,
)
RESPONSE, RESPONSE_CLEAR = _limits(
    "response_drop", 0.1, 0.05,
    "By more than which share the response rate of the last 7 days has to have fallen below that of the 28 days "
    "before, and by more than chance, to raise an alert.",
)  # fmt: skip
JOBS, JOBS_CLEAR = _limits(
    "failed_jobs", 0.05, 0.02, "More failed jobs of those that ran in the last 24 hours than this raise an alert."
)
ACCURACY, ACCURACY_CLEAR = _limits(
    "accuracy_drop", 0.1, 0.05,
    "By more than which share the accuracy (AUC) of a belief has to have fallen, and by more than chance, to raise an "
    "alert.",
)  # fmt: skip


def _reachable(value: str) -> str | None:
    wrong = next((each for each in value.split() if "://" not in each), None)
    if wrong is not None:
        return "has something in it that is no address; write addresses like slack://..., with blanks between them"
    if value.strip() and find_spec("apprise") is None:
        return "needs Apprise, which is not installed: run pip install 'tactful[alerts]'"
    return None


APPRISE = Setting(
    "operator_alerts.apprise_urls",
    "",
    "Where alerts to operators of all organisations are passed on through Apprise, with blanks between addresses; "
    "needs the extra `tactful[alerts]`. Endpoints that organisations registered hear of theirs in any case.",
    secret=True,
    check=_reachable,
)


def _lower(above: float, below: float) -> str | None:
    return None if below <= above else "must not be the other way round: the second clears what the first raises"


PAIRS: tuple[tuple[Setting[Any], Setting[Any]], ...] = (
    (HIGH_RISK, HIGH_RISK_CLEAR), (RESPONSE, RESPONSE_CLEAR), (JOBS, JOBS_CLEAR), (ACCURACY, ACCURACY_CLEAR),
)  # fmt: skip
AGREEMENTS = tuple(Agreement(pair, _lower) for pair in PAIRS)
SETTINGS: tuple[Setting[Any], ...] = (ON, PER_DAY, *(each for pair in PAIRS for each in pair), APPRISE)

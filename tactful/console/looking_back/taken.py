"""How interventions were taken: what each figure is called, and how sure a share is."""

from collections.abc import Mapping, Sequence
from typing import Any

from tactful.learn.shares import Tally, share

# Of what was shown: the engine's name -> ours.
ANSWERS = {
    "shown": "shown",
    "engaged": "engaged",
    "snoozed": "snoozed",
    "dismissed": "dismissed",
    "ignored": "ignored",
    "unanswered": "no answer",
}
UNSEEN = "not shown"
TONES = {
    "engaged": "first",
    "snoozed": "third",
    "dismissed": "second",
    "ignored": "fourth",
    "no answer": "plain",
    UNSEEN: "pale",
}
# `silent`: nobody answered, seen or not; what the monitoring query of old calls ignored.
KIND = ("kind", "decided", "shown", "engaged", "dismissed", "snoozed", "ignored", "unanswered", "silent", "withdrawn",
        "shadowed", "share", "low", "high")  # fmt: skip


def kinds(rows: Sequence[Mapping[str, Any]], effects: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Rows with `silent` and, of what was shown, the share that was engaged with, with its interval [0..1].

    effects: what is known of the same span. It has shares in which answers that may still come are left out, and each
    person's own count as alike; where it knows nothing, every showing is taken for one of another person.
    """
    known = {} if effects is None else effects["kinds"]
    return [_with_share(row, known.get(row["kind"], {}).get("accepted")) for row in rows]


def _with_share(row: Mapping[str, Any], known: Mapping[str, Any] | None) -> dict[str, Any]:
    answered = sum(row[name] for name in ("engaged", "dismissed", "snoozed", "ignored"))
    told = known if known is not None and known["value"] is not None else _alone(row["shown"], row["engaged"])
    return {
        **row,
        "silent": row["decided"] - answered,
        "share": told["value"],
        "low": told["low"],
        "high": told["high"],
    }


def _alone(shown: int, engaged: int) -> dict[str, Any]:
    return share(Tally(shown, shown, engaged, engaged, shown, engaged))

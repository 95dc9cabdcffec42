"""Posting what is due to the endpoints that organisations registered; any number of workers may do so at once."""

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, Protocol

from tactful.kernel.errors import ChannelRefused, Refusal
from tactful.kernel.records import Delivery, Message, Receipt
from tactful.predict import dropout
from tactful.store.database import Database
from tactful.store.decided import webhooks
from tactful.store.decided.webhooks import HELD, OPERATORS, OPERATORS_WELL, RAISED, Patience

# Posts claimed at a time, and endpoints posted to at the same moment.
BATCH, THREADS = 40, 8
Post = dict[str, Any]


class Posts(Protocol):
    """What posts."""

    def post(self, delivery: Delivery, at: datetime) -> Receipt:
        """Post one. raises: ChannelRefused."""
        ...


def post_due(database: Database, channel: Posts, patience: Patience, now: Callable[[], datetime]) -> int:
    """Post until nothing is due any more. Answers how many were taken.

    An endpoint gets its posts one after the other, and is left alone as soon as it takes one not. What dies
    half-way is sent again when its lease is over, under the same key.
    """
    taken = 0
    with ThreadPoolExecutor(THREADS) as threads:
        while groups := _claimed(database, now()):
            taken += sum(threads.map(lambda group: _post(database, channel, patience, now, group), groups))
    return taken


def _claimed(database: Database, at: datetime) -> list[list[Post]]:
    with database.batch() as connection:
        posts = webhooks.claim(connection, at=at, size=BATCH)
    posts.sort(key=itemgetter("webhook_id", "id"))
    return [list(group) for _, group in groupby(posts, key=itemgetter("webhook_id"))]


def _post(
    database: Database, channel: Posts, patience: Patience, now: Callable[[], datetime], group: Sequence[Post]
) -> int:
    taken = 0
    for number, post in enumerate(group):
        delivery = _held_again(database, group[number:], now())
        if delivery is None:
            continue
        try:
            channel.post(delivery, now())
        except ChannelRefused as refused:
            others = [other["id"] for other in group[number + 1 :]]
            with database.batch() as connection:
                if refused.refusal is not Refusal.RETRY:
                    webhooks.switch_off(connection, post, at=now(), error=refused.detail)
                else:
                    webhooks.failed(connection, post, others, at=now(), patience=patience, error=refused.detail)
            break
        with database.batch() as connection:
            webhooks.sent(connection, post, at=now())
        taken += 1
    return taken


def _held_again(database: Database, posts: Sequence[Post], at: datetime) -> Delivery | None:
    """The first of `posts` in words, all of them kept from others; None where it may not be sent (any more).

    Right before it is sent: what is no longer true, or was switched off since it was planned, is withdrawn.
    """
    first = posts[0]
    with database.batch() as connection:
        if first["id"] not in webhooks.hold(connection, posts, at=at):
            return None
        facts = webhooks.facts(connection, [first])
        if not facts:
            webhooks.withdrawn(connection, [first["id"]])
            return None
    return _worded(first, facts[first["id"]])


def _worded(post: Post, facts: dict[str, Any]) -> Delivery:
    data = WORDED[post["kind"]](post, facts)
    body = {"type": post["kind"], "timestamp": _time(post["planned_at"]), "data": data}
    return Delivery(
        post["alert_id"] or 0,
        "webhook",
        post["url"],
        Message("", "", ""),
        post["planned_at"],
        secret=post["secret"],
        body=json.dumps(body),
        key=f"post_{post['id']}",
    )


def trial(url: str, secret: str, *, key: str, at: datetime) -> Delivery:
    """A message with which somebody finds out whether an endpoint takes any."""
    body = {"type": "test", "timestamp": _time(at), "data": {"told": "An operator tries this endpoint out."}}
    return Delivery(0, "webhook", url, Message("", "", ""), at, secret=secret, body=json.dumps(body), key=key)


def _raised(post: Post, facts: dict[str, Any]) -> dict[str, Any]:
    same = ("name", "group_id", "group_name", "risk_score", "risk_factors")
    return {
        "alert_id": facts["id"],
        "educator_id": facts["educator"],
        "user_id": facts["external_id"],
        **{name: facts[name] for name in same},
        "reasons": dropout.why("critical", facts["risk_factors"], facts["facts"]),
        "raised_at": _time(facts["raised_at"]),
    }


def _held(post: Post, facts: dict[str, Any]) -> dict[str, Any]:
    day = post["day"].isoformat()
    return {"educator_id": facts["educator"], "day": day, "held": facts["held"], "user_ids": facts["people"]}


def _of_operators(post: Post, facts: dict[str, Any]) -> dict[str, Any]:
    same = ("kind", "about", "value", "sentence", "cleared_because")
    instants = {name: facts[name] and _time(facts[name]) for name in ("raised_at", "cleared_at")}
    return {"alert_id": facts["id"], **{name: facts[name] for name in same}, "limit": facts["bound"], **instants}


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


WORDED: Mapping[str, Callable[[Post, dict[str, Any]], dict[str, Any]]] = {
    RAISED: _raised,
    HELD: _held,
    OPERATORS: _of_operators,
    OPERATORS_WELL: _of_operators,
}

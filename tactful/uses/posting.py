"""Posting what is due to the endpoints that organisations registered; any number of workers may do so at once."""

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from tactful.kernel.errors import ChannelRefused
from tactful.kernel.ports import Channel
from tactful.kernel.records import Delivery, Message
from tactful.predict import dropout
from tactful.store.database import Database
from tactful.store.decided import webhooks
from tactful.store.decided.webhooks import HELD, Patience

# Posts claimed at a time, and endpoints posted to at the same moment.
BATCH, THREADS = 40, 8
Post = dict[str, Any]


def post_due(database: Database, channel: Channel, patience: Patience, now: Callable[[], datetime]) -> int:
    """Post until nothing is due any more. Answers how many were taken.

    An endpoint gets its posts one after the other, and is left alone as soon as it takes one not. What dies
    half-way is sent again when its lease is over, under the same key.
    """
    taken = 0
    with ThreadPoolExecutor(THREADS) as threads:
        while groups := _claimed(database, now()):
            taken += sum(threads.map(lambda group: _post(database, channel, patience, now, group), groups))
    return taken


def _claimed(database: Database, at: datetime) -> list[list[tuple[Post, Delivery]]]:
    """Worded posts by endpoint; those that are no longer true are withdrawn."""
    groups: list[list[tuple[Post, Delivery]]] = []
    while not groups:
        with database.batch() as connection:
            posts = webhooks.claim(connection, at=at, size=BATCH)
            if not posts:
                break
            facts = webhooks.facts(connection, posts)
            webhooks.withdrawn(connection, [post["id"] for post in posts if post["id"] not in facts])
        mine = sorted((post for post in posts if post["id"] in facts), key=itemgetter("webhook_id", "id"))
        worded = [(post, _worded(post, facts[post["id"]])) for post in mine]
        groups = [list(group) for _, group in groupby(worded, key=lambda each: each[0]["webhook_id"])]
    return groups


def _post(
    database: Database,
    channel: Channel,
    patience: Patience,
    now: Callable[[], datetime],
    group: Sequence[tuple[Post, Delivery]],
) -> int:
    for number, (post, delivery) in enumerate(group):
        try:
            channel.send(delivery, now())
        except ChannelRefused as refused:
            others = [other["id"] for other, _ in group[number + 1 :]]
            with database.batch() as connection:
                if refused.permanent:
                    webhooks.switch_off(connection, post, at=now(), error=refused.detail)
                else:
                    webhooks.failed(connection, post, others, at=now(), patience=patience, error=refused.detail)
            return number
        with database.batch() as connection:
            webhooks.sent(connection, post, at=now())
    return len(group)


def _worded(post: Post, facts: dict[str, Any]) -> Delivery:
    data = _held(post, facts) if post["kind"] == HELD else _raised(facts)
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


def _raised(facts: dict[str, Any]) -> dict[str, Any]:
    same = ("name", "group_id", "group_name", "risk_score", "risk_factors")
    return {
        "alert_id": facts["id"],
        "educator_id": facts["educator"],
        "user_id": facts["external_id"],
        **{name: facts[name] for name in same},
        "reasons": dropout.reasons(facts["risk_factors"], facts["facts"]),
        "raised_at": _time(facts["raised_at"]),
    }


def _held(post: Post, facts: dict[str, Any]) -> dict[str, Any]:
    day = post["day"].isoformat()
    return {"educator_id": facts["educator"], "day": day, "held": facts["held"], "user_ids": facts["people"]}


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"

"""Groups with educators, and risk rows as a tick would write them."""

from datetime import datetime
from typing import Any

import polars as pl

from tactful.facts.allowances import Telling
from tactful.facts.moments import MOMENT
from tactful.predict.dropout import SCORED
from tactful.store.database import Database
from tactful.store.decided import risk

TELLING = Telling(per_day=10, again_days=14)
SCORES = {"unknown": None, "low": 0.1, "medium": 0.4, "high": 0.6, "critical": 0.8}


def school(
    database: Database, groups: dict[str, tuple[list[str], list[str]]], organisation: str = "acme"
) -> dict[str, int]:
    """People in groups; answers their numbers. groups: name -> educators, members."""
    with database.batch() as connection:
        connection.execute(
            "INSERT INTO organisations (name, seed) VALUES (%s, 1) ON CONFLICT DO NOTHING", (organisation,)
        )
        names = sorted({name for both in groups.values() for each in both for name in each})
        connection.execute(
            """INSERT INTO people (organisation_id, external_id, name, holdout_bucket)
               SELECT o.id, n, initcap(n), 9000 FROM organisations o, unnest(%s::text[]) n WHERE o.name = %s
               ON CONFLICT DO NOTHING""",
            (names, organisation),
        )
        for group, (educators, members) in groups.items():
            connection.execute(
                "INSERT INTO groups (organisation_id, external_id, name)"
                " SELECT id, %s, initcap(%s) FROM organisations WHERE name = %s",
                (group, group, organisation),
            )
            for role, people in (("educator", educators), ("member", members)):
                connection.execute(
                    """INSERT INTO group_members (group_id, person_id, organisation_id, role)
                       SELECT g.id, p.id, o.id, %s FROM organisations o
                         JOIN groups g ON g.organisation_id = o.id AND g.external_id = %s
                         JOIN people p ON p.organisation_id = o.id AND p.external_id = ANY(%s) WHERE o.name = %s""",
                    (role, group, people, organisation),
                )
        found = connection.execute(
            """SELECT p.external_id, p.id FROM people p JOIN organisations o ON o.id = p.organisation_id
                WHERE o.name = %s""",
            (organisation,),
        ).fetchall()
    return {row["external_id"]: row["id"] for row in found}


def beliefs(levels: dict[int, str], *, scores: dict[int, float] | None = None, organisation: int = 1) -> pl.DataFrame:
    """What a turn believes of these people, by their numbers; they are silent for nine days."""
    schema: dict[str, Any] = {**MOMENT, **SCORED}
    given = {**{person: SCORES[level] for person, level in levels.items()}, **(scores or {})}
    told = {
        "person_id": list(levels),
        "organisation_id": [organisation] * len(levels),
        "risk_level": list(levels.values()),
        "risk_score": [given[person] for person in levels],
        "risk_factors": [["declining_engagement"]] * len(levels),
        "risk_confidence": [0.5] * len(levels),
        "sessions_by_week": [[0, 3, 0, 0]] * len(levels),
        "days_silent": [9] * len(levels),
    }
    frame = pl.DataFrame(told, schema={name: schema[name] for name in told})
    return frame.with_columns(pl.lit(None, kind).alias(name) for name, kind in schema.items() if name not in told)


NO_STRATEGIES = pl.DataFrame(
    schema={"risk_level": pl.String, "risk_factors": pl.List(pl.String), "strategy": pl.String}
)


def become(
    database: Database, levels: dict[int, str], at: datetime, *, telling: Telling = TELLING, **more: Any
) -> None:
    """Write these levels at `at`, as a tick does."""
    with database.batch() as connection:
        found = connection.execute("SELECT organisation_id FROM people WHERE id = ANY(%s)", (list(levels),)).fetchone()
        more["organisation"] = found["organisation_id"] if found else 1
        risk.rewrite(connection, beliefs(levels, **more), NO_STRATEGIES, at=at, telling=telling)

"""Numbers inside a statement that some organisations have of their own."""

import json
from collections.abc import Mapping
from typing import Any

from psycopg import sql


def apart(common: str, own: Mapping[int, Any], *, whose: str, kind: str) -> str:
    """SQL for what holds for the organisation in `whose`: its own value, else `common`; `common` where nobody has one.

    common: an expression or a placeholder; own: by our number of the organisation; kind: the SQL type of the value.

    >>> apart("%(most)s", {}, whose="c.organisation_id", kind="int")
    '%(most)s'
    >>> apart("%(most)s", {7: 2}, whose="w", kind="int")
    '(CASE WHEN \\'{"7": 2}\\'::jsonb ? w::text THEN (\\'{"7": 2}\\'::jsonb->>w::text)::int ELSE %(most)s END)'
    """
    if not own:
        return common
    told = sql.Literal(json.dumps(dict(own))).as_string(None)
    return f"(CASE WHEN {told}::jsonb ? {whose}::text THEN ({told}::jsonb->>{whose}::text)::{kind} ELSE {common} END)"


def apart_all(statement: str, own: Mapping[str, Mapping[int, Any]], *, whose: str) -> str:
    """`statement` with each `%(name)s` that is a key of `own` (numbers) told apart by organisation."""
    for name, values in own.items():
        common = f"%({name})s"
        statement = statement.replace(common, apart(common, values, whose=whose, kind="double precision"))
    return statement

"""Everything that is stored about one person, table by table: found by asking the tables, so that none is forgotten.

What a table says of somebody else beside the person is left out, and so are our own numbers of people and
organisations, which mean nothing to anybody.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from psycopg import sql
from sqlalchemy import Table

from tactful.store.tables import metadata

PARTICIPANT = "participant"
OWN = ("organisation_id", "organization_id")
# Where a row is about two people, what it tells of the other one, by the column that says whose row it is.
OF_OTHERS = {
    "educator_alerts.person_id": {"educator_id", "group_id", "closed_by"},
    "educator_alerts.educator_id": {"person_id", "risk_score", "risk_factors", "facts", "closed_because"},
    "wrong_flags.person_id": {"educator_id", "actor"},
    "wrong_flags.educator_id": {"person_id", "risk_score", "risk_level", "actor", "note"},
    "webhook_posts.educator_id": {"webhook_id", "alert_id", "error"},
}
# Numbers of ours that stand for a name of the product's.
NAMED = {
    "live_session_id": {"session_id": "SELECT s.session_id FROM live_sessions s WHERE s.id = t.live_session_id"},
    "group_id": {
        "group": "SELECT g.external_id FROM groups g WHERE g.id = t.group_id",
        "group_name": "SELECT g.name FROM groups g WHERE g.id = t.group_id",
    },
}


@dataclass(frozen=True, slots=True)
class Holding:
    """One column by which a table knows people: by our number, or (`participant`) by the product's own id."""

    table: Table
    column: str

    @property
    def name(self) -> str:
        """What its rows are called: as the table, unless it knows people by several columns."""
        several = sum(each.table is self.table for each in HOLDINGS) > 1
        return f"{self.table.name}.{self.column}" if several else f"{self.table.name}"

    def rows(self) -> sql.Composed:
        """The query for a person's rows, each as one JSON text. Takes person, organisation and participant."""
        hidden = {self.column, *OWN, *OF_OTHERS.get(f"{self.table.name}.{self.column}", ())}
        shown = [_shown(column.name) for column in self.table.columns if column.name not in hidden]
        whose: sql.Composable = sql.SQL("t.{} = %(person)s").format(sql.Identifier(self.column))
        if self.column == PARTICIPANT:
            whose = sql.SQL("t.organisation_id = %(organisation)s AND t.participant = %(participant)s")
        return sql.SQL("SELECT row_to_json(x)::text AS row FROM (SELECT {} FROM {} t WHERE {}) x").format(
            sql.SQL(", ").join(shown), sql.Identifier(self.table.name), whose
        )


def _shown(column: str) -> sql.Composable:
    if column in NAMED:
        told = NAMED[column].items()
        return sql.SQL(", ").join(sql.SQL(f"({query}) AS {{}}").format(sql.Identifier(name)) for name, query in told)
    return sql.SQL("t.{}").format(sql.Identifier(column))


def _found() -> Iterator[Holding]:
    for table in metadata.sorted_tables:
        if table.name == "people":
            yield Holding(table, "id")
            continue
        for column in table.columns:
            refers = any(key.column.table.name == "people" for key in column.foreign_keys)
            # Those that are written with every event have no foreign keys.
            if refers or column.name in ("person_id", PARTICIPANT, table.info.get("person_column")):
                yield Holding(table, column.name)


HOLDINGS = tuple(_found())

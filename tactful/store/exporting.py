"""Tables out of PostgreSQL as Parquet, for engines elsewhere: streamed, so that memory does not grow with the rows."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from psycopg import sql
from pyarrow.parquet import ParquetWriter

# All of them as of one moment, the first statement's.
ONE_MOMENT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"


def export(connection: Any, tables: Iterable[Any], folder: Path) -> dict[str, int]:
    """Write the columns that features read of `tables` to `<folder>/<name>.parquet`; answers how many rows each has.

    connection: a fresh one of `Database.columns`. tables: Ibis tables of `facts`, such as `facts.activity.person_day`:
    names, and columns with their kinds. Times are in UTC to the microsecond. Files of that name are replaced.
    """
    with connection.cursor() as cursor:
        cursor.execute(ONE_MOMENT)
        return {table.get_name(): _written(cursor, table, folder) for table in tables}


def _written(cursor: Any, table: Any, folder: Path) -> int:
    names = sql.SQL(", ").join(map(sql.Identifier, table.columns))
    cursor.execute(sql.SQL("SELECT {} FROM {}").format(names, sql.Identifier(table.get_name())).as_string(None))
    kinds, count = table.schema().to_pyarrow(), 0
    with ParquetWriter(folder / f"{table.get_name()}.parquet", kinds) as file:
        for batch in cursor.fetch_record_batch():
            file.write_batch(batch.cast(kinds))
            count += batch.num_rows
    return count

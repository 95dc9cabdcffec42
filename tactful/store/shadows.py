"""Tables of the past in place of those of the present, until the transaction ends."""

from tactful.store.reading import Reader

SHADOW = "CREATE TEMP TABLE {table} (LIKE public.{table} INCLUDING DEFAULTS INCLUDING INDEXES) ON COMMIT DROP"
# A connection that has asked something often remembers how, and of which tables: without this it would go on asking
# those of the present.
FORGET = "DISCARD PLANS"


def shadow(reader: Reader, *tables: str) -> None:
    """From here to the end of the transaction these names mean tables like them, without a row.

    What is meant nevertheless is written `public.` before its name.
    """
    for table in tables:
        reader.run(SHADOW.format(table=table))
    reader.run(FORGET)

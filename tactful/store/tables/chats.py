"""What was heard in chats, so that nothing is lost and nothing is answered twice; never what was said, nor by whom."""

from sqlalchemy import BigInteger, Column, Index, Table, text

from tactful.store.tables.base import ENGINE, instant, metadata, words

chat_heard = Table(
    "chat_heard",
    metadata,
    words("channel", primary_key=True),
    # Which of our accounts there: another one counts anew.
    words("account", primary_key=True),
    words("key", primary_key=True),
    # Where to go on behind it, in channels that have an order.
    Column("place", BigInteger),
    instant("heard_at", nullable=False, server_default=text("now()")),
    Index("ix_chat_heard_place", "channel", "account", "place"),
    Index("ix_chat_heard_heard_at", "heard_at"),
    info=ENGINE,
)

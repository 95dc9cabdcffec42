"""Chats."""

from tactful.api.schemas.wire import Told


class TakenOut(Told):
    """How many things that people did were taken; 0 where they were before."""

    taken: int

"""A push service and its browsers, as the other side of a channel."""

import json
from typing import Any, Self

from tactful.deliver.web_push.settings import CONTACT, KEY, PRIVATE, TIMEOUT
from tactful.deliver.web_push.subscriptions import subscription
from tactful.kernel.errors import Refusal
from tactful.testing.peers import Taken
from tactful.testing.push_service import Push, PushService

STATUS = {None: 201, Refusal.GONE: 410, Refusal.INVALID: 413, Refusal.RETRY: 429}
KEYS = '"keys":{"p256dh":"BA","auth":"BB"}'


class WebPushPeer:
    """See `tactful.testing.peers.Peer`.

    >>> with WebPushPeer() as peer:
    ...     "/push/ana" in peer.address("ana")
    True
    """

    refuses = frozenset({Refusal.GONE, Refusal.INVALID, Refusal.RETRY})
    strange: tuple[str, ...] = (
        "ana", "{}", "[]", "null", '{"endpoint": "https://push.example/x"}', "[" * 3_000,
        '{"endpoint":"https://push.example/x",' + KEYS + "}", '{"endpoint":7,' + KEYS + "}",
    )  # fmt: skip

    def __init__(self) -> None:
        self.taken: list[Taken] = []
        self._status: int | None = 201
        self._taking = True
        self._headers: dict[str, str] = {}
        self._service = PushService(self._answer)

    def settings(self) -> dict[str, Any]:
        """It listens inside, without TLS."""
        key = "a key that anybody may know, for tests"
        return {KEY.name: key, CONTACT.name: "mailto:push@example.org", PRIVATE.name: True, TIMEOUT.name: 2.0}

    def address(self, who: str) -> str:
        """The subscription of somebody's browser."""
        return self._service.subscription(who)

    def refuse(self, refusal: Refusal | None, *, after: float | None = None) -> None:
        """Answer with the status that says so."""
        self._status, self._taking = STATUS[refusal], refusal is None
        self._headers = {"Retry-After": f"{after:g}"} if after is not None else {}

    def hang_up(self, *, taking: bool) -> None:
        """Close the connection without an answer."""
        self._status, self._taking = None, taking

    def leave(self) -> None:
        """Stop listening."""
        self._service.leave()

    def _answer(self, push: Push) -> tuple[int, dict[str, str]]:
        if self._taking:
            self.taken.append(self._taken(push))
        if self._status is None:
            raise ConnectionAbortedError
        place = {"Location": f"{self._service.url}/message/{len(self.taken)}"} if self._status == 201 else {}
        return self._status, self._headers | place

    def _taken(self, push: Push) -> Taken:
        shown, ours = push.told["notification"], push.told["tactful"]
        who = subscription(self._service.subscription(push.path.removeprefix("/push/")), private=True).kept
        answers = tuple(name for name in ours["words"] if name not in ("out", "stopped")) if ours["answers"] else ()
        raw = {"told": json.dumps(push.told), "headers": push.headers, "claims": push.claims}
        text = f"{shown['title']}\n{shown['body']}"
        return Taken(who, text, ours["action"], ours["out"], push.headers["topic"], answers, raw)

    def __enter__(self) -> Self:
        self._service.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._service.__exit__()

"""An account's other side: Reddit itself, and whoever writes to the account."""

import re
from typing import Any, Self

from tactful.deliver.reddit import settings as of
from tactful.kernel.clock import Clock, SystemClock
from tactful.kernel.errors import Refusal
from tactful.testing.peers import Taken
from tactful.testing.reddit.server import CLIENT, NAME, PASSWORD, SECRET, Answer, Server, Told

SAYS = {
    Refusal.GONE: ["USER_DOESNT_EXIST", "that user doesn't exist", "to"],
    Refusal.BLOCKED: ["NOT_WHITELISTED_BY_USER_MESSAGE", "can't send a message to that user", "to"],
    Refusal.INVALID: ["NO_TEXT", "we need something here", "text"],
    Refusal.RETRY: ["RATELIMIT", "you are doing that too much. try again later", "ratelimit"],
}
WORDS = {"engaged": "YES", "snoozed": "LATER", "dismissed": "NO"}
FINE: dict[str, Any] = {"json": {"errors": []}}
LINK = re.compile(r"\[([^\]\\]*)\]\((https?://[^)\s]*)\)")
ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|&<>^~:/])")
STYLE = re.compile(r"(?<!\\)[*_`~^\[\]<>]|(?<!\\)&\w+;")


class RedditPeer:
    """See `tactful.testing.peers.Peer`. What people do: `says`; `told`: what they read.

    >>> with RedditPeer() as peer:
    ...     peer.address("ana")
    'redditor_ana'
    """

    refuses = frozenset(Refusal)
    strange: tuple[str, ...] = ("a", "somebody else", "r/python", "u/", "ana\r\nX: y", "a" * 21, "ana@example.org")

    def __init__(self, *, clock: Clock | None = None) -> None:
        self.taken: list[Taken] = []
        self.inbox: list[dict[str, Any]] = []
        self._clock = clock or SystemClock()
        self._refusal: Answer | None = None
        self._hanging: bool | None = None
        self._server = Server(self._answer)

    def settings(self) -> dict[str, Any]:
        """Settings, by name, with which the channel talks to it."""
        account = {of.CLIENT_ID.name: CLIENT, of.CLIENT_SECRET.name: SECRET, of.NAME.name: NAME}
        places = {of.SITE.name: self._server.url, of.API.name: self._server.url}
        times = {of.TIMEOUT.name: 2.0, of.EVERY.name: 0.05}
        return {of.ENABLED.name: True, **account, of.PASSWORD.name: PASSWORD, **places, **times}

    def address(self, who: str) -> str:
        """Their name there."""
        return f"redditor_{who}"

    def refuse(self, refusal: Refusal | None, *, after: float | None = None) -> None:
        """See `Peer.refuse`."""
        self._hanging = None
        if refusal is None:
            self._refusal = None
            return
        more = {"ratelimit": after} if after is not None else {}
        self._refusal = 200, {}, {"json": {"errors": [SAYS[refusal]], **more}}

    def fail(self, status: int, **headers: str) -> None:
        """From now on answer every message with this status."""
        self._refusal = status, headers, {"error": status}

    def hang_up(self, *, taking: bool) -> None:
        """See `Peer.hang_up`."""
        self._hanging = taking

    def leave(self) -> None:
        """Listen no more."""
        self._server.leave()

    def says(self, chat: str, text: str, *, subject: str = "hello") -> dict[str, Any]:
        """Somebody writes to the account; the message as its inbox has it."""
        told = {
            "name": f"t4_{len(self.inbox) + 1:x}", "author": chat, "subject": subject, "body": text, "new": True,
            "created_utc": self._clock.now().timestamp(), "was_comment": False,
        }  # fmt: skip
        self.inbox.append(told)
        return told

    def replies(self, chat: str, text: str) -> dict[str, Any]:
        """Somebody answers the last message they got."""
        last = [each for each in self.taken if each.who == chat][-1]
        return self.says(chat, text, subject=f"re: {last.raw['subject']}")

    def answers(self, chat: str, response: str) -> dict[str, Any]:
        """Somebody answers the last message they got with a word. raises: LookupError where there is none."""
        marked = [each for each in self.taken if each.who == chat and each.out]
        if not marked:
            raise LookupError(f"Nothing can be answered by {chat}.")
        return self.says(chat, WORDS[response], subject=f"re: {marked[-1].raw['subject']}")

    def told(self, chat: str) -> list[str]:
        """What the account wrote to somebody, oldest first, without subjects."""
        return [str(each.raw["shown"]) for each in self.taken if each.who == chat]

    def _answer(self, path: str, told: Told) -> Answer:
        if path == "/message/unread":
            unread = [{"kind": "t4", "data": dict(each)} for each in reversed(self.inbox) if each["new"]]
            return 200, {}, {"kind": "Listing", "data": {"children": unread}}
        if path == "/api/read_message":
            for each in self.inbox:
                each["new"] = each["new"] and each["name"] not in told["id"].split(",")
            return 202, {}, {}
        return self._compose(told) if path == "/api/compose" else (404, {}, {"error": 404})

    def _compose(self, told: Told) -> Answer:
        if self._hanging is False:
            raise ConnectionAbortedError
        if self._refusal is not None:
            return self._refusal
        if len(told["subject"]) > 100 or len(told["text"]) > 10_000 or "\n" in told["subject"]:
            return 200, {}, {"json": {"errors": [["TOO_LONG", "this is too long", "text"]]}}
        self.taken.append(_taken(told))
        if self._hanging:
            raise ConnectionAbortedError
        return 200, {}, FINE

    def __enter__(self) -> Self:
        self._server.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.__exit__()


def _taken(told: Told) -> Taken:
    links = dict(LINK.findall(told["text"]))
    shown = rendered(told["text"])
    out = links.pop("STOP", "")
    raw = {"subject": told["subject"], "shown": shown}
    return Taken(told["to"], f"{told['subject']}\n{shown}", next(iter(links.values()), ""), out, None, (), raw=raw)


def rendered(markdown: str) -> str:
    """What somebody reads of Markdown: a mark of style that was not escaped is not read.

    >>> rendered(r"\\*you\\* *there*")
    '*you* there'
    """
    words = STYLE.sub("", LINK.sub(r"\1", markdown))
    return ESCAPED.sub(r"\1", words).replace("  \n", "\n")

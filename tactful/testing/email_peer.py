"""A mail server and its mailboxes, as the other side of a channel."""

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html import unescape
from typing import Any, Self

from tactful.deliver.email.settings import HOST, PLAIN, PORT, SECURITY, SENDER, TIMEOUT
from tactful.kernel.errors import Refusal
from tactful.testing.peers import Taken
from tactful.testing.smtp import HangUp, Letter, MailServer

REPLIES = {
    Refusal.GONE: ("RCPT", "550 5.1.1 Nobody of that name here"),
    Refusal.INVALID: ("letter", "554 5.6.0 This cannot be read"),
    Refusal.RETRY: ("RCPT", "451 4.7.1 Come again later"),
}


class EmailPeer:
    """See `tactful.testing.peers.Peer`.

    >>> with EmailPeer() as peer:
    ...     peer.address("ana")
    'ana@example.org'
    """

    refuses = frozenset(REPLIES)
    # Mail servers say that it is too early, but not for how long.
    says_how_long = False
    strange: tuple[str, ...] = (
        "ana", "ana@", "@example.org", "Ana <ana@example.org>", "ana@example.org,eve@example.org", "ana@localhost",
        "ana@example.org\r\nRCPT TO:<eve@example.org>", "a b@example.org", "ana@[127.0.0.1]", "ana@-example.org",
        "an\u00e4@example.org", "ana@@example.org", ".ana@example.org", f"{'a' * 65}@example.org",
    )  # fmt: skip

    def __init__(self) -> None:
        self.taken: list[Taken] = []
        self._refusal: Refusal | None = None
        self._hang_up: str | None = None
        self._server = MailServer(self._answer)

    def settings(self) -> dict[str, Any]:
        """It listens on the same machine, in the open."""
        sender = "hello@tactful.example"
        return {
            HOST.name: "127.0.0.1", PORT.name: self._server.port, SECURITY.name: PLAIN, SENDER.name: sender,
            TIMEOUT.name: 2.0,
        }  # fmt: skip

    def address(self, who: str) -> str:
        """A mailbox."""
        return f"{who}@example.org"

    def refuse(self, refusal: Refusal | None, *, after: float | None = None) -> None:
        """Answer with the code that says so."""
        self._refusal, self._hang_up = refusal, None

    def hang_up(self, *, taking: bool) -> None:
        """Hang up in the place of an answer: to the letter, or already to whom it is for."""
        self._hang_up = "letter" if taking else "RCPT"

    def leave(self) -> None:
        """Stop listening."""
        self._server.leave()

    def _answer(self, step: str, letter: Letter) -> str | None:
        if step == self._hang_up:
            if step == "letter":
                self.taken.append(read(letter))
            raise HangUp
        if self._refusal is not None and REPLIES[self._refusal][0] == step:
            return REPLIES[self._refusal][1]
        if step == "letter":
            self.taken.append(read(letter))
        return None

    def __enter__(self) -> Self:
        self._server.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.__exit__()


def read(letter: Letter) -> Taken:
    """A letter as a person understands it who looks at its subject and at its text, and follows its links."""
    message = message_from_bytes(letter.raw, policy=default)
    assert isinstance(message, EmailMessage)
    html, text = (_part(message, kind) for kind in ("html", "plain"))
    links = [unescape(link) for link in re.findall(r'<a href="([^"]*)"', html)]
    out = str(message["List-Unsubscribe"] or "").strip("<>")
    others = [link for link in links if link != out]
    headers = {name: str(value) for name, value in message.items()}
    raw = {"headers": headers, "html": html, "options": letter.options, "links": links, "safe": letter.safe}
    who = str(message["To"])
    assert [who] == letter.to, "The letter names somebody else than the envelope."
    return Taken(who, f"{message['Subject']}\n{text}", others[0] if others else "", out, raw=raw)


def _part(message: EmailMessage, kind: str) -> str:
    found = message.get_body((kind,))
    return str(found.get_content()).replace("\r\n", "\n") if found is not None else ""

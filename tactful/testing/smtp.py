"""A mail server on the loopback address that speaks enough SMTP to be told letters by any client."""

import asyncio
import ssl
from asyncio import StreamReader, StreamWriter
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass, field

from tactful.testing.listening import Listening


@dataclass(slots=True)
class Letter:
    """One letter as it was told: the envelope, what was said with it, and the letter itself."""

    sender: str
    options: list[str] = field(default_factory=list)
    to: list[str] = field(default_factory=list)
    raw: bytes = b""
    safe: bool = False
    signed_in: bool = False


class HangUp(Exception):
    """Raised by `answer` to close the connection without a reply."""


# Asked at each step (greeting, MAIL, RCPT, DATA, letter) with the letter so far: a reply of its own, or none.
Answer = Callable[[str, Letter], str | None]
OK = {"greeting": "220 ready", "DATA": "354 go on", "letter": "250 2.0.0 Ok: queued as T{number}"}


class MailServer(Listening):
    """Takes letters while its block lasts. tls: for STARTTLS, or from the start; users: who may sign in, all if none.

    >>> with MailServer() as server:
    ...     server.letters
    []
    """

    def __init__(
        self,
        answer: Answer = lambda step, letter: None,
        *,
        tls: ssl.SSLContext | None = None,
        from_the_start: bool = False,
        users: dict[str, str] | None = None,
    ) -> None:
        self.letters: list[Letter] = []
        self.connections = 0
        self._answer, self._starttls, self._users = answer, None if from_the_start else tls, users or {}
        super().__init__(self._converse, tls=tls if from_the_start else None)

    async def _converse(self, reader: StreamReader, writer: StreamWriter) -> None:
        self.connections += 1
        talk = _Talk(self, reader, writer)
        try:
            if await talk.reply("greeting"):
                while not writer.is_closing() and (line := await reader.readline()):
                    await talk.hear(line.decode("utf-8", "replace").rstrip("\r\n"))
        except HangUp:
            return


class _Talk:
    """One connection."""

    def __init__(self, server: MailServer, reader: StreamReader, writer: StreamWriter) -> None:
        self._server, self._reader, self._writer = server, reader, writer
        self._letter = Letter("")
        self._safe = writer.get_extra_info("ssl_object") is not None
        self._signed_in = False

    async def say(self, *lines: str) -> None:
        """A reply of one or more lines."""
        code = lines[0][:3]
        told = [lines[0], *(f"{code} {line}" for line in lines[1:])]
        ended = [f"{line[:3]}-{line[4:]}" for line in told[:-1]] + told[-1:]
        self._writer.write("".join(f"{line}\r\n" for line in ended).encode())
        await self._writer.drain()

    async def reply(self, step: str) -> bool:
        """The reply of a step; whether it is a yes. raises: HangUp."""
        told = self._server._answer(step, self._letter) or OK.get(step, "250 2.1.0 Ok")
        await self.say(told.format(number=len(self._server.letters)))
        if told.startswith("421"):
            raise HangUp
        return told[0] in "23"

    async def hear(self, line: str) -> None:
        """One command."""
        verb = line.partition(" ")[0].upper()
        known = {
            "EHLO": self._ehlo, "HELO": self._ehlo, "STARTTLS": self._start_tls, "AUTH": self._auth, "MAIL": self._mail,
            "RCPT": self._rcpt, "DATA": self._data, "RSET": self._reset, "NOOP": self._reset, "QUIT": self._quit,
        }  # fmt: skip
        await known.get(verb, self._unknown)(line)

    async def _ehlo(self, line: str) -> None:
        more = ["STARTTLS"] if self._server._starttls is not None and not self._safe else []
        signing = ["AUTH PLAIN LOGIN"] if self._server._users else []
        await self.say("250 tactful.testing", "8BITMIME", "ENHANCEDSTATUSCODES", "DSN", *more, *signing)

    async def _start_tls(self, line: str) -> None:
        if self._server._starttls is None or self._safe:
            await self.say("503 5.5.1 Not now")
            return
        await self.say("220 2.0.0 Go ahead")
        await self._writer.start_tls(self._server._starttls)
        self._safe = True

    async def _auth(self, line: str) -> None:
        _, how, *first = line.split(" ", 2)
        if how.upper() == "PLAIN":
            _, user, password = _decoded(first[0] if first else await self._ask("")).split("\0")
        else:
            user = _decoded(first[0] if first else await self._ask("Username:"))
            password = _decoded(await self._ask("Password:"))
        self._signed_in = self._server._users.get(user) == password
        await self.say("235 2.7.0 Welcome" if self._signed_in else "535 5.7.8 Wrong name or password")

    async def _ask(self, what: str) -> str:
        await self.say(f"334 {b64encode(what.encode()).decode()}")
        return (await self._reader.readline()).decode().strip()

    async def _mail(self, line: str) -> None:
        if self._server._users and not self._signed_in:
            await self.say("530 5.7.0 Sign in first")
            return
        address, *options = line.partition(":")[2].split()
        self._letter = Letter(address.strip("<>"), options, safe=self._safe, signed_in=self._signed_in)
        await self.reply("MAIL")

    async def _rcpt(self, line: str) -> None:
        to = line.partition(":")[2].split()[0].strip("<>")
        self._letter.to.append(to)
        if not await self.reply("RCPT"):
            self._letter.to.remove(to)

    async def _data(self, line: str) -> None:
        if not self._letter.to:
            await self.say("503 5.5.1 Nobody to give it to")
            return
        if not await self.reply("DATA"):
            return
        self._letter.raw = await self._read()
        if await self.reply("letter"):
            self._server.letters.append(self._letter)
        self._letter = Letter("")

    async def _read(self) -> bytes:
        read = b""
        while (line := await self._reader.readline()) != b".\r\n":
            if not line:
                raise asyncio.IncompleteReadError(read, None)
            read += line.removeprefix(b".")
        return read

    async def _reset(self, line: str) -> None:
        self._letter = Letter("")
        await self.say("250 2.0.0 Ok")

    async def _quit(self, line: str) -> None:
        await self.say("221 2.0.0 Bye")
        self._writer.close()

    async def _unknown(self, line: str) -> None:
        await self.say("502 5.5.2 Not known here")


def _decoded(told: str) -> str:
    return b64decode(told).decode("utf-8", "replace")

"""Connections to a mail server, kept for the next letter."""

import asyncio
import re
import ssl
import time
from contextlib import suppress

from aiosmtplib import (
    SMTP,
    SMTPConnectError,
    SMTPConnectResponseError,
    SMTPException,
    SMTPResponseException,
    SMTPServerDisconnected,
    SMTPTimeoutError,
)

from tactful.deliver.email.replies import refusal
from tactful.deliver.email.settings import STARTTLS, TLS
from tactful.kernel.errors import ChannelRefused, Refusal

# How long a connection that nobody uses is kept [s]; servers hang up after five minutes, many sooner.
KEPT = 30.0
CUT_OFF = (SMTPServerDisconnected, SMTPTimeoutError, OSError)


class Server:
    """One mail server, and how to speak to it. security: see `email.security`; timeout: of each answer [s]."""

    def __init__(
        self,
        host: str,
        port: int,
        security: str,
        user: str = "",
        password: str = "",
        *,
        timeout: float,
        ca_file: str = "",
    ) -> None:
        """raises: OSError where `ca_file` cannot be read."""
        self._options = {
            "hostname": host,
            "port": port,
            "timeout": timeout,
            "use_tls": security == TLS,
            # Asked for and not there is an error, never a letter in the open.
            "start_tls": security == STARTTLS,
            "tls_context": ssl.create_default_context(cafile=ca_file or None),
        }
        self._user, self._password = user, password

    async def connect(self) -> SMTP:
        """A connection, signed in. raises: ChannelRefused(RETRY)."""
        made = SMTP(**self._options)  # type: ignore[arg-type]
        try:
            await made.connect()
            if made.is_ehlo_or_helo_needed:
                await made.ehlo()
            if self._user:
                await made.login(self._user, self._password)
        except SMTPResponseException as error:
            made.close()
            raise refusal(error.code, error.message, of=_step(error)) from error
        except (SMTPException, OSError) as error:
            made.close()
            raise ChannelRefused("The mail server could not be reached.", refusal=Refusal.RETRY) from error
        return made


def _step(error: SMTPResponseException) -> str:
    return "CONNECT" if isinstance(error, (SMTPConnectError, SMTPConnectResponseError)) else "AUTH"


class Lines:
    """At most `number` connections to `server`."""

    def __init__(self, server: Server, number: int) -> None:
        self._server, self._places = server, asyncio.Semaphore(number)
        self._idle: list[tuple[SMTP, float]] = []

    async def carry(self, sender: str, to: str, letter: bytes, *, mark: str) -> str:
        """What the server says as it takes the letter. mark: names the letter where it comes back.

        raises: ChannelRefused where it did not; the library's own errors where that is open.
        """
        async with self._places:
            line = await self._open(sender, mark)
            try:
                told = await _hand_over(line, to, letter)
            except ChannelRefused:
                # Ready for the next letter, unless it is the connection that was the trouble.
                with suppress(SMTPException, OSError):
                    await line.rset()
                    self._keep(line)
                raise
            except BaseException:
                line.close()
                raise
            self._keep(line)
            return told

    async def _open(self, sender: str, mark: str) -> SMTP:
        """A connection on which the letter is begun: one that was kept if the server still knows it, else a new one."""
        while self._idle:
            line, since = self._idle.pop()
            if line.is_connected and time.monotonic() - since < KEPT:
                with suppress(ChannelRefused):
                    await _begin(line, sender, mark)
                    return line
            line.close()
        line = await self._server.connect()
        try:
            await _begin(line, sender, mark)
        except BaseException:
            line.close()
            raise
        return line

    def _keep(self, line: SMTP) -> None:
        if line.is_connected:
            self._idle.append((line, time.monotonic()))

    async def close(self) -> None:
        """Say good-bye on all of them."""
        while self._idle:
            line, _ = self._idle.pop()
            with suppress(SMTPException, OSError):
                await line.quit()
            line.close()


async def _begin(line: SMTP, sender: str, mark: str) -> None:
    # What comes back then carries the mark, and headers instead of the whole letter (RFC 3461).
    options = [f"ENVID={mark}", "RET=HDRS"] if line.supports_extension("dsn") else []
    await _say(line, "MAIL", f"MAIL FROM:<{sender}>", *options)


async def _hand_over(line: SMTP, to: str, letter: bytes) -> str:
    await _say(line, "RCPT", f"RCPT TO:<{to}>")
    await _say(line, "DATA", "DATA", wanted=3)
    if line.protocol is None:
        raise ChannelRefused("The mail server hung up at DATA.", refusal=Refusal.RETRY)
    # From here on it may have been taken, whatever is heard. A dot at the beginning would end it (RFC 5321, 4.5.2).
    line.protocol.write(re.sub(rb"(?m)^\.", b"..", letter).rstrip(b"\r\n") + b"\r\n.\r\n")
    taken = await line.protocol.read_response(timeout=line.timeout)
    if taken.code >= 400:
        raise refusal(taken.code, taken.message, of="the letter")
    return _queued(taken.message)


async def _say(line: SMTP, of: str, *words: str, wanted: int = 2) -> None:
    """One command. wanted: the first digit of a yes. raises: ChannelRefused."""
    try:
        answer = await line.execute_command(*(word.encode("ascii") for word in words))
    except SMTPResponseException as error:
        line.close()
        raise ChannelRefused(f"The mail server cannot be understood at {of}.", refusal=Refusal.RETRY) from error
    except CUT_OFF as error:
        line.close()
        raise ChannelRefused(f"The mail server hung up at {of}.", refusal=Refusal.RETRY) from error
    if answer.code // 100 != wanted:
        if answer.code == 421:
            line.close()
        raise refusal(answer.code, answer.message, of=of)


def _queued(told: str) -> str:
    """Most servers end with the name under which they keep it; without one the whole sentence has to do."""
    found = re.search(r"queued as ([\w.-]+)", told, re.IGNORECASE)
    return found[1] if found else " ".join(told.split())[:200] or "taken"

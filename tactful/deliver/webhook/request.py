"""One HTTP POST to an address that was looked at: no redirects, no proxies, and no longer than it may take."""

import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from threading import Timer
from urllib.parse import SplitResult, urlsplit

from tactful.deliver.open_web import PORTS, resolve
from tactful.kernel.errors import ChannelRefused, Refusal

# The longest that somebody may ask to be left alone [s].
LONGEST = 86_400.0


class Pinned(HTTPConnection):
    """A connection to one of some addresses, in the name of the host that they were found under."""

    def __init__(self, parts: SplitResult, where: list[str], timeout: float) -> None:
        super().__init__(parts.hostname or "", parts.port or PORTS[parts.scheme], timeout=timeout)
        self._where, self._parts = where, parts

    def connect(self) -> None:
        """Connect to the first that answers, with TLS where the URL says https."""
        self.sock = self._first()
        if self._parts.scheme == "https":
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self._parts.hostname)

    def _first(self) -> socket.socket:
        for address in self._where[:-1]:
            with suppress(OSError):
                return socket.create_connection((address, self.port), self.timeout)
        return socket.create_connection((self._where[-1], self.port), self.timeout)

    def hang_up(self) -> None:
        """End it from another thread, whatever it waits for."""
        sock = self.sock
        if sock is not None:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)


def post(
    url: str, body: bytes, headers: Mapping[str, str], *, timeout: float, private: bool
) -> tuple[int, float | None]:
    """The status that `url` answers `body` with, and how long it asks to be left alone [s].

    timeout: of all of it [s], but for looking up the name.

    raises: ChannelRefused when there was no answer.
    """
    parts = urlsplit(url)
    where = resolve(parts.hostname or "", parts.port or PORTS[parts.scheme], private=private)
    connection = Pinned(parts, where, timeout)
    path = parts.path or "/"
    # A drop at a time would keep each single wait short and the whole for ever.
    latest = Timer(timeout, connection.hang_up)
    latest.daemon = True
    latest.start()
    try:
        connection.request("POST", f"{path}?{parts.query}" if parts.query else path, body, dict(headers))
        answer = connection.getresponse()
        return answer.status, _seconds(answer.getheader("retry-after"))
    except (OSError, HTTPException, ValueError) as error:
        told = "did not answer in time" if isinstance(error, TimeoutError) else "could not be reached"
        raise ChannelRefused(f"{parts.hostname} {told}.", refusal=Refusal.RETRY) from error
    finally:
        latest.cancel()
        connection.close()


def _seconds(told: str | None) -> float | None:
    """Retry-After in seconds; a date is not read, and what is absurd is not believed."""
    return min(float(told), LONGEST) if told is not None and told.isdecimal() else None

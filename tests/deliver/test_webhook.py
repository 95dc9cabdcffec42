"""The webhook channel against a real endpoint: signed, never redirected, never inside, never for ever."""

import socket
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

import pytest
from standardwebhooks import Webhook as Signature

from tactful.deliver.open_web import public
from tactful.deliver.webhook import Webhook, fitting
from tactful.deliver.webhook.request import Pinned
from tactful.kernel.clock import SystemClock
from tactful.kernel.errors import ChannelRefused, Refusal
from tactful.kernel.records import Delivery, Message
from tactful.testing.webhooks import Endpoint
from tests.living import NOW

SECRET = "whsec_" + b64encode(b"a secret of these tests, of 32 b").decode()
OPEN = Webhook(timeout=2.0, private=True)


def message(url: str, body: str | None = '{"type": "test"}', key: str | None = "post_7") -> Delivery:
    return Delivery(7, "webhook", url, Message("Hello", "You are back.", "/"), NOW, secret=SECRET, body=body, key=key)


def test_a_message_is_signed_as_the_standard_says() -> None:
    with Endpoint() as endpoint:
        assert OPEN.post(message(endpoint.url + "?team=7"), SystemClock().now()).reference == "204"
    (posted,) = endpoint.posted
    assert (posted.path, posted.key, posted.body) == ("/hook?team=7", "post_7", '{"type": "test"}')
    assert posted.headers["content-type"] == "application/json"
    assert Signature(SECRET).verify(posted.body, posted.headers) == {"type": "test"}
    assert posted.proves(SECRET)
    assert not posted.proves("whsec_" + b64encode(b"another").decode())


def test_the_signature_is_the_one_of_the_published_example() -> None:
    secret, at = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", datetime.fromtimestamp(1614265330, UTC)
    made = Signature(secret).sign("msg_p5jXN8AQM9LWM0D4loKWxJek", at, '{"test": 2432232314}')
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_an_intervention_goes_in_its_words() -> None:
    with Endpoint() as endpoint:
        OPEN.post(message(endpoint.url, body=None, key=None), NOW)
    (posted,) = endpoint.posted
    assert posted.key == "intervention_7"
    assert posted.told["data"] == {"title": "Hello", "message": "You are back.", "action": "/", "out": ""}


@pytest.mark.parametrize(
    ("status", "refusal"),
    [(301, "gone"), (307, "gone"), (400, "invalid"), (401, "invalid"), (404, "invalid"), (410, "gone"), (408, "retry"),
     (425, "retry"), (429, "retry"), (500, "retry"), (503, "retry")],
)  # fmt: skip
def test_a_refusal_says_whether_it_is_for_good_and_leads_nowhere_else(status: int, refusal: str) -> None:
    with Endpoint() as elsewhere, Endpoint(lambda _: status, location=elsewhere.url) as endpoint:
        with pytest.raises(ChannelRefused) as refused:
            OPEN.post(message(endpoint.url), NOW)
        assert refused.value.refusal == refusal
        assert str(status) in refused.value.detail
        assert (len(endpoint.posted), len(elsewhere.posted)) == (1, 0)


def test_what_nobody_listens_to_may_come_back() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(ChannelRefused, match="could not be reached") as refused:
            OPEN.post(message(f"http://127.0.0.1:{taken.getsockname()[1]}/"), NOW)
    assert refused.value.refusal is Refusal.RETRY


@contextmanager
def speaking(*parts: bytes, pause: float) -> Iterator[str]:
    """A server that says these parts, `pause` seconds after one another, and then nothing."""
    server = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def speak() -> None:
        connection, _ = server.accept()
        with connection:
            for part in parts:
                if over.wait(pause):
                    return
                try:
                    connection.sendall(part)
                except OSError:
                    return
            over.wait(10)

    thread = threading.Thread(target=speak, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}/"
    over.set()
    server.close()
    thread.join(timeout=5)


@pytest.mark.parametrize("parts", [(), tuple(b"HTTP/1.1 200 OK\r\nX: " + b"." * 100)], ids=["silent", "dripping"])
def test_who_does_not_answer_in_time_is_not_waited_for(parts: tuple[int, ...]) -> None:
    with speaking(*(bytes([letter]) for letter in parts), pause=0.1) as url:
        began = time.monotonic()
        with pytest.raises(ChannelRefused) as refused:
            Webhook(timeout=0.5, private=True).post(message(url), NOW)
        assert time.monotonic() - began < 3
    assert refused.value.refusal is Refusal.RETRY


def test_what_is_no_http_is_refused_for_now() -> None:
    with speaking(b"220 mail.example ESMTP\r\n", pause=0) as url, pytest.raises(ChannelRefused) as refused:
        OPEN.post(message(url), NOW)
    assert refused.value.refusal is Refusal.RETRY


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_nothing_inside_is_knocked_at(host: str) -> None:
    with Endpoint() as endpoint:
        url = endpoint.url.replace("127.0.0.1", host)
        with pytest.raises(ChannelRefused, match="private address") as refused:
            Webhook(timeout=2.0).post(message(url), NOW)
        assert refused.value.refusal is Refusal.GONE
        assert endpoint.posted == []


def test_a_name_is_looked_up_once_and_what_was_looked_at_is_where_it_goes() -> None:
    with Endpoint() as endpoint:
        # Nobody knows this name, so whoever looked it up again would reach nobody, or whoever it leads to by then.
        url = urlsplit(endpoint.url.replace("127.0.0.1", "rebound.invalid"))
        connection = Pinned(url, ["127.0.0.1"], timeout=2.0)
        connection.request("POST", url.path, b"{}")
        assert connection.getresponse().status == 204
        connection.close()
        assert len(endpoint.posted) == 1


@pytest.mark.parametrize(
    "address",
    ["10.1.2.3", "172.16.0.1", "192.168.1.1", "127.0.0.1", "0.0.0.0", "169.254.169.254", "100.64.0.1", "224.0.0.1",
     "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "2002:7f00:1::",
     "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::7f00:1", "::127.0.0.1", "::ffff:0:127.0.0.1", "fec0::1",
     "192.0.0.8", "5f00::1", "3fff::1", "2001:0:7f00:1::"],
)  # fmt: skip
def test_an_address_inside_is_known_however_it_is_written(address: str) -> None:
    assert not public(ip_address(address))


@pytest.mark.parametrize(
    "url",
    ["", "example.org", "ftp://example.org/", "http://example.org/", "https://", "https:///hook", "https://u:p@example.org/",
     "https://example.org/#x", "https://example.org:99999/", "https://[::1]/", "https://10.0.0.1/", "https://localhost/",
     "https://exa mple.org/", "https://example.org/\r\nX: y", "https://exämple.org/", "https://[broken/"],
)  # fmt: skip
def test_an_endpoint_that_cannot_be_is_refused(url: str) -> None:
    assert fitting(url, private=False)


@pytest.mark.parametrize("url", ["https://example.org", "https://example.org:8443/a?b=c", "https://1.1.1.1/x"])
def test_an_endpoint_of_the_open_internet_fits(url: str) -> None:
    assert fitting(url, private=False) is None

"""Letters that come back, as mail servers of different makes write them."""

import pytest

from tactful.deliver.email import bounce
from tactful.kernel.errors import Refusal

REPORT = """From: MAILER-DAEMON@mx.example
To: hello@tactful.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain

I am sorry to have to tell you.
--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
{envelope}
Final-Recipient: rfc822; ana@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} <ana@example.org>:
    what it said

--b1
Content-Type: {quoted}

From: hello@tactful.example
Message-ID: <{mark}@tactful.example>
Subject: Hello

--b1--
"""


def report(status: str = "5.1.1", action: str = "failed", mark: str = "mark-7", envelope: str = "X: y") -> bytes:
    quoted = "message/rfc822" if action == "failed" else "text/rfc822-headers"
    told = REPORT.format(status=status, action=action, mark=mark, envelope=envelope, quoted=quoted)
    return told.replace("\n", "\r\n").encode()


@pytest.mark.parametrize(
    ("status", "action", "refusal"),
    [
        ("5.1.1", "failed", Refusal.GONE),
        ("5.1.10", "Failed", Refusal.GONE),
        ("5.7.1", "failed", Refusal.BLOCKED),
        ("5.2.2", "failed", Refusal.INVALID),
        ("4.4.7", "failed", Refusal.INVALID),
        ("4.4.1", "delayed", Refusal.RETRY),
    ],
)
def test_what_comes_back_says_whose_it_was_and_what_to_do(status: str, action: str, refusal: Refusal) -> None:
    told = bounce(report(status, action))
    assert told is not None
    assert (told.mark, told.refusal, told.address) == ("mark-7", refusal, "ana@example.org")
    assert told.detail == f"smtp; 550 {status} <ana@example.org>: what it said"


def test_the_name_on_the_envelope_is_enough() -> None:
    told = bounce(report(mark="somebody else's", envelope="Original-Envelope-Id: mark-9"))
    assert told is not None
    assert told.mark == "mark-9"


def test_a_complaint_means_that_they_do_not_want_it_there() -> None:
    raw = report().replace(b"report-type=delivery-status", b"report-type=feedback-report")
    raw = raw.replace(b"message/delivery-status", b"message/feedback-report")
    raw = raw.replace(b"Reporting-MTA: dns; mx.example", b"Feedback-Type: abuse\r\nOriginal-Rcpt-To: <ana@example.org>")
    told = bounce(raw)
    assert told is not None
    assert (told.mark, told.refusal, told.address) == ("mark-7", Refusal.BLOCKED, "ana@example.org")


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded", "nonsense"])
def test_good_news_is_no_bounce(action: str) -> None:
    assert bounce(report(action=action)) is None


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe" * 1_000,
        b"Subject: I am on holiday\r\n\r\nUntil Monday.",
        b"Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\n--x--",
        b"Content-Type: message/delivery-status\r\n\r\n",
        b"Content-Type: multipart/mixed; boundary=a\r\n\r\n" + b"--a\r\n" * 50_000,
        report(mark="not a mark at all"),
    ],
)
def test_what_is_nothing_of_ours_says_nothing(raw: bytes) -> None:
    assert bounce(raw) is None

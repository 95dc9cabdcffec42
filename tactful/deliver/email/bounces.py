"""What mail servers send back: that a letter could not be delivered, cannot yet, or that somebody complained of it."""

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import compat32

from tactful.deliver.email.replies import NOBODY
from tactful.kernel.errors import Refusal

# No letter that comes back is larger; the rest is somebody's play [bytes].
LARGEST = 1_000_000
STATUS = re.compile(r"([245]\.\d{1,3}\.\d{1,3})\b")
NAMED = re.compile(r"<([A-Za-z0-9_-]{1,200})@")
# RFC 3463: not allowed for reasons of policy, by whoever the letter went to.
POLICY = "5.7."


@dataclass(frozen=True, slots=True)
class Bounce:
    """One letter that came back.

    mark: of its delivery. refusal: gone, blocked (also: they complained), retry (it is still tried), or invalid.
    address: whom it was for, as told. detail: the other side's own words, at most 300 characters.
    """

    mark: str
    refusal: Refusal
    address: str
    detail: str


def bounce(raw: bytes) -> Bounce | None:
    """What a letter that came to the sender's mailbox says of one of ours; None where it says nothing of any.

    Whoever knows a mark can write such a letter: marks go to the person alone, so they can at most keep us from
    themselves. source: RFC 3464 (delivery status), RFC 5965 (complaints).

    >>> bounce(b"Subject: I am on holiday\\r\\n\\r\\nUntil Monday.") is None
    True
    """
    try:
        letter = message_from_bytes(raw[:LARGEST], policy=compat32)
        kinds = {part.get_content_type(): part for part in letter.walk()}
    except RecursionError:
        # Letters in letters without end are somebody's play, too.
        return None
    mark = _mark(letter, kinds)
    if mark is None:
        return None
    if "message/feedback-report" in kinds:
        return _complaint(mark, kinds["message/feedback-report"])
    report = kinds.get("message/delivery-status")
    return _undelivered(mark, _fields(report)) if report is not None else None


def _undelivered(mark: str, told: dict[str, str]) -> Bounce | None:
    action = told.get("action", "").lower()
    if action not in {"failed", "delayed"}:
        return None
    found = STATUS.search(told.get("status", ""))
    meaning = Refusal.RETRY if action == "delayed" else _meaning(found[1] if found else "")
    detail = " ".join(told.get("diagnostic-code", told.get("status", "")).replace("\x00", " ").split())[:300]
    return Bounce(mark, meaning, _recipient(told), detail)


def _meaning(status: str) -> Refusal:
    if status in NOBODY:
        return Refusal.GONE
    # Given up, though each try might have worked: this letter is over, the mailbox is not.
    return Refusal.BLOCKED if status.startswith(POLICY) else Refusal.INVALID


def _complaint(mark: str, report: Message) -> Bounce | None:
    told = _fields(report)
    kind = told.get("feedback-type", "").lower()
    if kind not in {"abuse", "fraud", "other", "opt-out"}:
        return None
    return Bounce(mark, Refusal.BLOCKED, told.get("original-rcpt-to", "").strip("<>"), f"complaint: {kind}")


def _fields(report: Message) -> dict[str, str]:
    """All fields of a report, of the message and of its first recipient: ours have one."""
    parts = report.get_payload()
    blocks = [part for part in parts if isinstance(part, Message)] if isinstance(parts, list) else []
    if not blocks:
        blocks = [message_from_bytes(bytes(report.get_payload(decode=True) or b""), policy=compat32)]
    found: dict[str, str] = {}
    for block in blocks:
        for name, value in block.items():
            found.setdefault(name.lower(), str(value))
    return found


def _recipient(told: dict[str, str]) -> str:
    named = told.get("final-recipient", told.get("original-recipient", ""))
    return named.partition(";")[2].strip().strip("<>")[:254]


def _mark(letter: Message, kinds: dict[str, Message]) -> str | None:
    """From the envelope's name, else from the name of the letter that is quoted."""
    if "message/delivery-status" in kinds:
        envelope = _fields(kinds["message/delivery-status"]).get("original-envelope-id", "")
        if re.fullmatch(r"[A-Za-z0-9_-]{1,200}", envelope.strip()):
            return envelope.strip()
    quoted = [part for kind, part in kinds.items() if kind in {"message/rfc822", "text/rfc822-headers"}]
    named = [found for part in quoted if (found := NAMED.search(_message_id(part)))]
    return named[0][1] if named else None


def _message_id(part: Message) -> str:
    inner = part.get_payload()
    if isinstance(inner, list) and inner and isinstance(inner[0], Message):
        return str(inner[0].get("message-id", ""))
    headers = message_from_bytes(bytes(part.get_payload(decode=True) or b""), policy=compat32)
    return str(headers.get("message-id", ""))

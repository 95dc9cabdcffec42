"""Settings of e-mail."""

from tactful.deliver.email.addresses import mailbox
from tactful.kernel.errors import BadInput
from tactful.kernel.settings import Agreement, Setting

STARTTLS, TLS, PLAIN = "starttls", "tls", "plain"


def _fits(told: str) -> str | None:
    try:
        return mailbox(told) and None if told else None
    except BadInput as wrong:
        return wrong.detail


def _named(told: str) -> str | None:
    return None if told.isprintable() else "must be one line without control characters"


def _complete(host: str, sender: str) -> str | None:
    return "do not fit: a mail server needs a sender" if host and not sender else None


def _guarded(security: str, user: str) -> str | None:
    return "do not fit: a password does not travel in the open" if security == PLAIN and user else None


HOST = Setting("email.host", "", "The mail server that takes letters. Empty: no e-mail.")
PORT = Setting("email.port", 587, "Its port: 587 with STARTTLS, 465 with TLS.", low=1, high=65_535)
SECURITY = Setting(
    "email.security",
    STARTTLS,
    "How letters are kept from others on the way: `starttls`, `tls`, or `plain` for a server on the same machine.",
    choices=(STARTTLS, TLS, PLAIN),
)
CA_FILE = Setting(
    "email.ca_file", "", "Certificates to trust, in a PEM file. Empty: those that this machine trusts anyway."
)
USER = Setting("email.user", "", "The name to sign in with. Empty: without signing in.")
PASSWORD = Setting(
    "email.password",
    "",
    "The password to sign in with. In the environment alone, never in a file.",
    secret=True,
    never_in_file=True,
)
SENDER = Setting(
    "email.sender",
    "",
    "The address that letters come from, and to which what cannot be delivered returns.",
    check=_fits,
)
SENDER_NAME = Setting("email.sender_name", "", "The name beside it.", check=_named)
REPLY_TO = Setting("email.reply_to", "", "Where answers go. Empty: to the sender.", check=_fits)
CONNECTIONS = Setting("email.connections", 4, "Connections to the mail server, of each worker.", low=1, high=100)
TIMEOUT = Setting("email.timeout", 20.0, "How long one answer may take.", unit="seconds", low=0.1, high=300)
PACE = Setting(
    "email.pace", 10.0, "Letters at most, of all workers together.", unit="per second", low=0.01, high=10_000
)
BOUNCES = Setting(
    "email.bounces",
    3,
    "How many letters to an address may be given up by its mail server until it counts as gone.",
    low=1,
    high=100,
)

AGREEMENTS = (Agreement((HOST, SENDER), _complete), Agreement((SECURITY, USER), _guarded))

SETTINGS = (
    HOST, PORT, SECURITY, CA_FILE, USER, PASSWORD, SENDER, SENDER_NAME, REPLY_TO, CONNECTIONS, TIMEOUT, PACE,
    BOUNCES,
)  # fmt: skip

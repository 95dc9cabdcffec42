"""Mailboxes as they are written: nothing but the address, so that nothing else can come with it."""

import re

from tactful.kernel.errors import BadInput

# RFC 5321, section 4.5.3.1 [bytes].
LONGEST, LONGEST_LOCAL = 254, 64
ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
LOCAL = re.compile(rf"{ATOM}(\.{ATOM})*")
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


def mailbox(told: str) -> str:
    """A bare address as it is kept: names in the domain in their ASCII form. raises: BadInput.

    >>> mailbox("Ana@Bücher.Example")
    'Ana@xn--bcher-kva.example'
    """
    local, at, domain = told.partition("@")
    if not (at and LOCAL.fullmatch(local) and len(local) <= LONGEST_LOCAL):
        raise BadInput("must be an address like ana@example.org, and nothing beside it")
    kept = f"{local}@{_domain(domain)}"
    if len(kept) > LONGEST:
        raise BadInput(f"must be at most {LONGEST} letters long")
    return kept


def _domain(told: str) -> str:
    import idna

    try:
        found = idna.encode(told, uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        found = ""
    labels = found.split(".")
    # A number at the end would be an IP address, and a single label a machine of one's own.
    if len(labels) < 2 or not all(LABEL.fullmatch(each) for each in labels) or labels[-1].isdecimal():
        raise BadInput("must have a domain like example.org after the @")
    return found

"""Where addresses that we are told may lead: nowhere inside, so that nobody makes us knock at doors only we reach."""

import socket
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from tactful.kernel.errors import ChannelRefused, Refusal

PORTS = {"https": 443, "http": 80}
# IPv4 written as IPv6, for networks that translate.
TRANSLATED = IPv6Network("64:ff9b::/96")
# All that is given out of IPv6 (IANA); within it what stands in documents, and of IPv4 what belongs to protocols.
GIVEN_OUT = IPv6Network("2000::/3")
NOBODYS = (IPv6Network("3fff::/20"), IPv4Network("192.0.0.0/24"))
# Names of the machine itself (RFC 6761, section 6.3).
SELF = "localhost"


def fitting(url: str, *, private: bool) -> str | None:
    """What is wrong with an endpoint's URL as it is written; None when nothing is. private: whether it may lead inside.

    >>> fitting("https://example.org/hook", private=False) is None
    True
    >>> fitting("https://127.0.0.1/hook", private=False)
    'must not lead to a private address'
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "must be an address like https://example.org/hook"
    if parts.scheme not in (PORTS if private else ("https",)) or not parts.hostname or port == 0:
        return "must be an address like https://example.org/hook"
    if not url.isascii() or any(letter <= " " for letter in url):
        return "must be written in ASCII and without blanks"
    if parts.username is not None or parts.password is not None or parts.fragment:
        return "must have no user, password or fragment"
    host = parts.hostname.rstrip(".")
    inside = host == SELF or host.endswith(f".{SELF}") or _literal(host)
    return "must not lead to a private address" if inside and not private else None


def _literal(host: str) -> bool:
    """Whether a host is an address inside, also one that is written as programs of old read it: 2130706433, 0x7f.1."""
    try:
        return not public(ip_address(host))
    except ValueError:
        pass
    try:
        return not public(ip_address(socket.inet_aton(host)))
    except OSError:
        return False


def public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is one of the open internet.

    >>> public(ip_address("1.1.1.1")), public(ip_address("::ffff:10.0.0.1")), public(ip_address("169.254.169.254"))
    (True, False, False)
    """
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in TRANSLATED:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return public(inner)
        if address not in GIVEN_OUT:
            return False
    return address.is_global and not address.is_multicast and not any(address in each for each in NOBODYS)


def resolve(host: str, port: int, *, private: bool) -> list[str]:
    """The addresses to connect to: those that were looked at, so that no second answer replaces them.

    raises: ChannelRefused, for good where any address of the host is private and must not be.
    """
    try:
        found = [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise ChannelRefused(f"The name {host} could not be looked up.", refusal=Refusal.RETRY) from error
    if not private and not all(public(ip_address(each.partition("%")[0])) for each in found):
        raise ChannelRefused(f"The name {host} leads to a private address.", refusal=Refusal.GONE)
    return found

"""Zones people live in: IANA names, and whose word counts.

A person's zone is the first that is known of: their own word, the device they were last seen on,
their organisation's zone, UTC. `people.zone_source` says which it was (person, device,
organisation, default).
"""

from functools import cache
from zoneinfo import available_timezones

# Names that mean "wherever this machine is", not a place; and old names that PostgreSQL takes for
# abbreviations without summer time.
NOT_PLACES = frozenset({"localtime", "posixrules", "Factory", "CET", "EET", "MET", "WET"})


@cache
def names() -> frozenset[str]:
    """Every zone there is."""
    return frozenset(available_timezones()) - NOT_PLACES


def known(zone: object) -> bool:
    """Whether this is the name of a zone.

    >>> known("Europe/Lisbon"), known("Europe/Atlantis"), known(None)
    (True, False, False)
    """
    return isinstance(zone, str) and zone in names()

"""From the product's own ids to ours: organisations by name, people by external id, created when unknown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from tactful.kernel import ids
from tactful.kernel.chance import draw
from tactful.store.described import endings
from tactful.store.described.endings import mark
from tactful.store.steps import Say, Steps

BUCKETS = 10_000
UTC = "UTC"

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Organisation:
    """A tenant: our id, what its chance is seeded with, and the zone its people have unless they say otherwise."""

    id: int
    seed: int
    zone: str


@dataclass(frozen=True, slots=True)
class Known:
    """A person as far as counting needs them. presence: what they said to being followed; None for nothing."""

    id: int
    organisation_id: int
    zone: str
    presence: bool | None = None


def holdout_bucket(seed: int, external_id: str) -> int:
    """Which of the 10,000 holdout buckets a person falls into: fixed by their organisation and id.

    >>> holdout_bucket(7, "42") == holdout_bucket(7, "42")
    True
    """
    person = int.from_bytes(blake2b(external_id.encode(), digest_size=8).digest(), "big")
    return int(draw(seed, person, 0, 0) * BUCKETS)


def organisations(names: Iterable[str]) -> Steps[dict[str, Organisation]]:
    """The organisations of these names; those that are new come into being."""
    wanted = sorted(set(names))
    found = yield from _organisations(wanted)
    missing = [name for name in wanted if name not in found]
    if missing:
        yield Say(
            """INSERT INTO organisations (name, seed) SELECT * FROM unnest(%s::text[], %s::bigint[])
               ON CONFLICT (name) DO NOTHING""",
            (missing, [ids.seed() for _ in missing]),
        )
        found |= yield from _organisations(missing)
    return found


def _organisations(names: list[str]) -> Steps[dict[str, Organisation]]:
    rows = yield Say("SELECT name, id, seed, zone FROM organisations WHERE name = ANY(%s)", (names,))
    return {row["name"]: Organisation(row["id"], row["seed"], row["zone"]) for row in rows}


def people(
    wanted: Mapping[Key, str | None], *, newcomers: str | None = None, back: bool = False
) -> Steps[dict[Key, Known]]:
    """The people of these (organisation, external id) pairs; those that are new come into being.

    Not those who were erased, who are left out of the answer: what comes in about them late brings nobody back. back:
    they are described anew, and shall be known again.

    The value is the zone of the device the person was just seen on, where it was told: it counts
    for people who never said theirs. newcomers: taken for the zone of new people's devices that told none.
    """
    found = yield from known(list(wanted))
    missing = {key: zone or newcomers for key, zone in wanted.items() if key not in found}
    if missing:
        yield from _create(missing, back=back)
        found |= yield from known(list(missing))
    moved = {key: zone for key, zone in wanted.items() if zone is not None and key in found and found[key].zone != zone}
    if moved:
        yield Say(LOCK, (sorted(found[key].id for key in moved),))
        found |= yield from _move(moved)
    return found


# OFFSET 0 makes it one look into the index for each person, however many others there are.
PEOPLE = """
SELECT o.name, w.external_id, p.id, p.organisation_id, p.zone, (p.consent ->> 'presence')::boolean AS presence
  FROM unnest(%s::text[], %s::text[]) AS w (name, external_id) JOIN organisations o USING (name)
 CROSS JOIN LATERAL (SELECT * FROM people x
                      WHERE x.organisation_id = o.id AND x.external_id = w.external_id OFFSET 0) p
"""

CREATE = """
INSERT INTO people (organisation_id, external_id, zone, zone_source, holdout_bucket)
SELECT * FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::smallint[])
    ON CONFLICT (organisation_id, external_id) DO NOTHING
"""

LOCK = "SELECT id FROM people WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"

MOVE = """
UPDATE people p SET zone = w.zone, zone_source = 'device', updated_at = now()
  FROM unnest(%s::text[], %s::text[], %s::text[]) AS w (name, external_id, zone) JOIN organisations o USING (name)
 WHERE p.organisation_id = o.id AND p.external_id = w.external_id AND p.zone_source <> 'person'
RETURNING o.name, p.external_id, p.id, p.organisation_id, p.zone, (p.consent ->> 'presence')::boolean AS presence
"""


def known(wanted: list[Key]) -> Steps[dict[Key, Known]]:
    """Those of these (organisation, external id) pairs whom somebody knows; nobody comes into being."""
    return _known((yield Say(PEOPLE, ([name for name, _ in wanted], [external for _, external in wanted]))))


def _known(rows: list[dict[str, Any]]) -> dict[Key, Known]:
    return {
        (row["name"], row["external_id"]): Known(row["id"], row["organisation_id"], row["zone"], row["presence"])
        for row in rows
    }


def _create(missing: Mapping[Key, str | None], *, back: bool) -> Steps[None]:
    tenants = yield from organisations(organisation for organisation, _ in missing)
    # In one order everywhere, so that two servers meeting the same new people never wait in a circle.
    keys = sorted(missing, key=lambda key: (tenants[key[0]].id, key[1]))
    marks = [(tenants[name].id, mark(tenants[name].seed, external)) for name, external in keys]
    buried = yield Say(endings.BACK if back else endings.ERASED, tuple(map(list, zip(*marks, strict=True))))
    if not back:
        erased = {row["place"] - 1 for row in buried}
        keys = [key for place, key in enumerate(keys) if place not in erased]
    owners = [tenants[name] for name, _ in keys]
    zones = [missing[key] or owner.zone for key, owner in zip(keys, owners, strict=True)]
    sources = [
        "device" if missing[key] else "default" if owner.zone == UTC else "organisation"
        for key, owner in zip(keys, owners, strict=True)
    ]
    buckets = [holdout_bucket(owner.seed, key[1]) for key, owner in zip(keys, owners, strict=True)]
    yield Say(CREATE, ([owner.id for owner in owners], [key[1] for key in keys], zones, sources, buckets))


def _move(moved: Mapping[Key, str | None]) -> Steps[dict[Key, Known]]:
    keys = sorted(moved)
    values = ([name for name, _ in keys], [external for _, external in keys], [moved[key] for key in keys])
    return _known((yield Say(MOVE, values)))

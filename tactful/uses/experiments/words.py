"""What is said in what goes out now: the variant of a test that runs, else the organisation's own words, else ours.

The one place where words are found, whatever way they go.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from tactful.compose.languages import spoken
from tactful.compose.render import Chosen, choose
from tactful.compose.templates.own import PREFIX, Content, Several, messages, nearest, said_in
from tactful.decide import Rules
from tactful.facts.polishing import Original
from tactful.kernel.records import Message
from tactful.learn.experiments.assigning import assigned, shuffled
from tactful.sense.milestones import translated
from tactful.store.database import Connection
from tactful.store.decided import variants
from tactful.store.decided.variants import Running
from tactful.store.described import own
from tactful.store.described.experiments import WORDING
from tactful.uses.experiments import finer

NOTHING: Mapping[int, Any] = MappingProxyType({})


def worded(
    connection: Connection,
    rows: Sequence[Mapping[str, Any]],
    people: Sequence[int] | None,
    at: datetime,
    *,
    rules: Rules,
) -> dict[int, Message]:
    """What is said, by our number of the intervention. What was worded before says the same again.

    rows: intervention_id, organisation_id, kind, locale, context, title, message and action of each. people: whose they
    are. rules: with those of organisations of their own, for the words of kinds that they made.
    """
    before = {
        row["intervention_id"]: Message(row["title"], row["message"], row["action"]) for row in rows if row["title"]
    }
    new = [dict(row) for row in rows if not row["title"]]
    tried = _tried(connection, new, at)
    said = chosen(connection, new, people, at, rules=rules, tried=tried)
    # What is tried out is said as it was written.
    free = [row for row in new if row["intervention_id"] not in tried]
    finer_said = finer.said(connection, free, said, at, rules)
    return before | {number: each.filled for number, each in said.items()} | finer_said


def originals(
    connection: Connection, rows: Sequence[Mapping[str, Any]], at: datetime, *, rules: Rules
) -> list[tuple[int, Original]]:
    """What of rows that are not worded yet may be said more finely, with our number of the organisation of each.

    Nobody is given a variant of a test by being asked about. rows: with person_id and due_at, else as in
    `worded`.
    """
    tests = variants.running(connection, WORDING, [dict(row) for row in rows], at=at) if rows else []
    free = [row for row in rows if not any(_under(test, row) for test in tests)]
    people = sorted({row["person_id"] for row in free})
    return list(finer.originals(free, chosen(connection, free, people, at, rules=rules), rules).values())


def chosen(
    connection: Connection,
    rows: Sequence[Mapping[str, Any]],
    people: Sequence[int] | None,
    at: datetime,
    *,
    rules: Rules,
    tried: Mapping[int, Content | None] = NOTHING,
) -> dict[int, Chosen]:
    """The wording of each intervention and what is filled into it. tried: what tests say instead; see `worded`."""
    asked = own.question(area=own.TEMPLATES, people=people)
    theirs = own.told(connection.execute(*asked).fetchall()).bodies
    said = dict[int, Chosen]()
    for row in rows:
        number, kind, whose, locale = (row[name] for name in ("intervention_id", "kind", "organisation_id", "locale"))
        # What is worded ahead is worded for when it is due.
        when = max(at, row.get("due_at", at))
        contents = (tried.get(number), theirs.get(whose, {}).get(PREFIX + kind))
        told = next((several for each in contents if (several := said_in(each, locale))), None)
        mine = messages(told or _made(rules.of(whose), row))
        said[number] = choose(kind, number, _named(row["context"], locale), when, mine, locale=locale)
    return said


def _named(facts: Mapping[str, Any], locale: str) -> Mapping[str, Any]:
    """Facts in which a milestone that everybody has is called as it is in somebody's language."""
    if facts.get("milestone") is None:
        return facts
    return {**facts, "milestone": translated(facts["milestone"], spoken(locale))}


def _made(rules: Rules, row: Mapping[str, Any]) -> Several:
    """The words of a kind that the organisation made, in the person's language where it has them; of ours, none."""
    return nearest(rules.made.words.get(row["kind"], {}), row["locale"])


def _tried(connection: Connection, rows: Sequence[dict[str, Any]], at: datetime) -> dict[int, Any]:
    """What tests that run have said instead, by intervention; nothing where somebody is told what everybody is."""
    tests = variants.running(connection, WORDING, rows, at=at) if rows else []
    found = dict[int, Any]()
    whose = variants.people(connection, [row["intervention_id"] for row in rows]) if tests else {}
    for test in tests:
        mine = {row["intervention_id"] for row in rows if _under(test, row)}
        by_person = {person: number for number, person in whose.items() if number in mine}
        for person, variant in _given(connection, test, by_person, at).items():
            found[by_person[person]] = test.variants[variant]["content"]
    return found


def _under(test: Running, row: Mapping[str, Any]) -> bool:
    return bool(row["organisation_id"] == test.organisation and row["kind"] == test.kind)


def _given(connection: Connection, test: Running, whose: dict[int, int], at: datetime) -> dict[int, int]:
    """Everybody's variant: the one they have, or one that they are given now. whose: intervention by person."""
    known = variants.given(connection, test.id, list(whose))
    if known:
        variants.again(connection, test.id, {person: whose[person] for person in known})
    if len(known) == len(whose):
        return known
    counts = variants.hold(connection, test.id)
    if counts is None:
        return known
    # Others may have been at it until now.
    known = variants.given(connection, test.id, list(whose))
    new = shuffled([person for person in whose if person not in known], seed=test.id)
    places = assigned(counts, [each["part"] for each in test.variants], len(new), seed=test.id)
    counts = [count + places.count(place) for place, count in enumerate(counts)]
    variants.give(connection, test, dict(zip(new, places, strict=True)), whose, counts, at)
    return known | dict(zip(new, places, strict=True))

"""What is said in what goes out now: the variant of a test that runs, else the organisation's own words, else ours.

The one place where words are found, whatever way they go.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tactful.compose.render import render
from tactful.compose.templates.own import PREFIX, messages, spoken
from tactful.decide import Rules
from tactful.kernel.records import Message
from tactful.learn.experiments.assigning import assigned, shuffled
from tactful.store.database import Connection
from tactful.store.decided import variants
from tactful.store.decided.variants import Running
from tactful.store.described import own
from tactful.store.described.experiments import WORDING


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
    asked = own.question(area=own.TEMPLATES, people=people)
    theirs = own.told(connection.execute(*asked).fetchall()).bodies
    tried = _tried(connection, [dict(row) for row in rows if not row["title"]], at)
    said = dict[int, Message]()
    for row in rows:
        number, kind = row["intervention_id"], row["kind"]
        if row["title"]:
            said[number] = Message(row["title"], row["message"], row["action"])
        else:
            whose = row["organisation_id"]
            content = tried.get(number) or theirs.get(whose, {}).get(PREFIX + kind) or _made(rules.of(whose), row)
            said[number] = render(kind, number, row["context"], at, messages(content))
    return said


def _made(rules: Rules, row: Mapping[str, Any]) -> Sequence[Mapping[str, str]]:
    """The words of a kind that the organisation made, in the person's language where it has them; of ours, none."""
    return spoken(rules.made.words.get(row["kind"], {}), row["locale"])


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

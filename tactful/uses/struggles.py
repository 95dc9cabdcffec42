"""Whether people will struggle with what they are about to start, from state that attempts keep up to date.

Many questions are answered in one pass: two statements read, one writes. No history is read.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import polars as pl

from tactful.decide.helping import help_for
from tactful.facts.practice import QUESTION, look, place
from tactful.facts.scale import Served
from tactful.kernel.errors import BadInput, Conflict
from tactful.kernel.settings import Settings
from tactful.learn.settings import PREDICTING
from tactful.predict import struggle
from tactful.store.database import Connection, Database
from tactful.store.decided import features, struggles
from tactful.store.decided.moments import Scope
from tactful.store.decided.struggles import Asked
from tactful.store.described.endings import ERASED_TOLD
from tactful.store.described.erasure import despite_erasure
from tactful.store.learned import versions
from tactful.store.reading import RowReader
from tactful.store.sensed import practised, resolve
from tactful.store.steps import run

NAME = "struggle"
MOOD = features.Question(struggle.features, struggle.MOOD)
# What is asked, and whose it is.
WHOSE = {"organisation_id": pl.Int64, **QUESTION, "similar": pl.List(pl.String), "basics": pl.List(pl.String)}
# Columns of SCORED that are stored as they are, and of GIVEN.
SHOWN = tuple(struggle.FACTORS)
KEPT = ("prereq_mastery", "similar_performance", "content_difficulty", "cognitive_load", "sentiment_trend")

Answer = dict[str, Any] | BadInput | Conflict


def predict(database: Database, settings: Settings, asked: Sequence[Asked], at: datetime) -> list[Answer]:
    """What is believed of each of `asked` as of now, stored; in place of it what is wrong with one that cannot be.

    People nobody knew come into being, since the first thing somebody does may be to ask; not by a question that is
    wrong, and not those who were erased. As long as nothing else is known of them, monitoring does not count them.
    """
    return despite_erasure(database, partial(_predict, settings, asked, at))


def within(connection: Connection, settings: Settings, asked: Sequence[Asked], at: datetime) -> list[dict[str, Any]]:
    """What is believed of each of `asked`, which name nothing beside the content, in the caller's transaction.

    Their people are known. What comes before itself, as the catalogue has it, is believed of all the same.
    """
    return _believed(connection, settings, asked, struggles.questions(connection, asked) if asked else [], at)


def _predict(settings: Settings, asked: Sequence[Asked], at: datetime, connection: Connection) -> list[Answer]:
    found = _found(connection, asked)
    fit = [number for number, row in enumerate(found) if not row["circle"] and row["person_id"] is not None]
    believed = _believed(connection, settings, [asked[each] for each in fit], [found[each] for each in fit], at)
    told = iter(believed)
    refused = {
        number: _circle(asked[number]) if row["circle"] else Conflict(ERASED_TOLD)
        for number, row in enumerate(found)
        if number not in fit
    }
    return [refused[number] if number in refused else next(told) for number in range(len(asked))]


def _found(connection: Connection, asked: Sequence[Asked]) -> list[dict[str, Any]]:
    found = struggles.questions(connection, asked)
    fit = (each for each, row in zip(asked, found, strict=True) if row["person_id"] is None and not row["circle"])
    missing = {(each.organisation, each.person): None for each in fit}
    if not missing:
        return found
    run(connection, resolve.people(missing))
    return struggles.questions(connection, asked)


def _believed(
    connection: Connection, settings: Settings, asked: Sequence[Asked], found: Sequence[dict[str, Any]], at: datetime
) -> list[dict[str, Any]]:
    if not asked:
        return []
    questions = pl.DataFrame([_question(*pair, at) for pair in zip(asked, found, strict=True)], WHOSE, orient="row")
    given = _given(connection, questions, at)
    whose = questions["organisation_id"]
    served: Mapping[int, Served] = versions.serving(
        RowReader(connection), NAME, set(whose), at, wanted=settings[PREDICTING]
    )
    scored = struggle.score(given, whose, settings=settings, served=served)
    offered = _offered(scored, found, settings)
    told = [
        _told(one, row, numbers, belief, help_offered=help_offered)
        for one, row, numbers, belief, help_offered in zip(
            asked, found, given.iter_rows(named=True), scored.iter_rows(named=True), offered, strict=True
        )
    ]
    ids = struggles.note(
        connection, [{**noted, "learned": noted["organization_id"] in served} for noted, _ in told], at=at
    )
    return [
        {"prediction_id": number, "predicted_at": at, **answer} for number, (_, answer) in zip(ids, told, strict=True)
    ]


def _offered(scored: pl.DataFrame, found: Sequence[dict[str, Any]], settings: Settings) -> pl.Series:
    """Whether help is offered, each by what their organisation has set for that."""
    believed = scored["probability"], scored["confidence"]
    offered = struggle.offer(*believed, settings)
    for whose, own in {row["organisation_id"]: row["own"] for row in found if row["own"]}.items():
        mine = pl.Series([row["organisation_id"] == whose for row in found])
        offered = struggle.offer(*believed, settings.replace(**own)).zip_with(mine, offered)
    return offered


def _question(asked: Asked, found: Mapping[str, Any], at: datetime) -> tuple[Any, ...]:
    rated = asked.difficulty if asked.difficulty is not None else found["difficulty"]
    similar = list(dict.fromkeys(asked.similar or found["topics"] or ())) or None
    whose = found["organisation_id"], found["person_id"]
    return (*whose, asked.content_id, found["about"], at, rated, similar, found["basics"])


def _given(connection: Connection, questions: pl.DataFrame, at: datetime) -> pl.DataFrame:
    """GIVEN of each question, in their order."""
    numbered = questions.with_row_index("number")
    parts = {int(whose): part for (whose,), part in numbered.partition_by("organisation_id", as_dict=True).items()}
    placed = {whose: place(part) for whose, part in parts.items()}
    similar, basics = (
        questions.select("person_id", name=each).explode("name").drop_nulls().unique() for each in ("similar", "basics")
    )
    people = tuple(questions["person_id"].unique().to_list())
    mood = MOOD.statement(Scope(people=people), when=features.latest_window(at), at=at)
    known = run(connection, practised.read(placed, similar=similar, basics=basics, mood=mood))
    stood = [
        look(known.state[whose], part, placed=placed[whose], topics=known.topics).with_columns(part["number"])
        for whose, part in parts.items()
    ]
    return struggle.given(pl.concat(stood).sort("number"), known.mood)


def _told(
    asked: Asked, found: Mapping[str, Any], numbers: Mapping[str, Any], belief: Mapping[str, Any], *, help_offered: bool
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is stored of a belief, and what is answered."""
    adds = dict(zip(struggle.FACTORS, belief["contributions"], strict=True))
    days = numbers["days_since_review"]
    noted = {name: numbers[name] for name in KEPT} | {
        "user_id": found["person_id"],
        "organization_id": found["organisation_id"],
        "content_id": asked.content_id,
        "content_type": asked.kind or found["kind"] or "lesson",
        "struggle_probability": belief["probability"],
        "confidence": belief["confidence"],
        "days_since_review": None if days is None else int(days),
        "prediction_features": {name: value for name, value in numbers.items() if value is not None},
        "cold_score": belief["cold_score"],
        "contributions": belief["contributions"],
        "intervention_offered": help_offered,
    }
    known = {**numbers, "before": found["before"]}
    message, actions = help_for(belief["leading"], known) if help_offered else (None, [])
    return noted, {
        "struggle_probability": belief["probability"],
        "confidence": belief["confidence"],
        "should_offer_help": help_offered,
        "help_message": message,
        "actions": actions,
        "features": {name: belief[name] for name in SHOWN},
        "contributions": adds,
        "reasons": struggle.reasons(_speaking(adds, belief), known),
    }


def _speaking(adds: Mapping[str, float], belief: Mapping[str, Any]) -> list[str]:
    """The factors of which something is known, those that speak loudest for struggling first."""
    known: Iterable[str] = (name for name in adds if None not in (belief[name], belief["probability"]))
    return sorted(known, key=lambda name: -adds[name])


def _circle(asked: Asked) -> BadInput:
    return BadInput(
        f"prerequisites: {asked.content_id} would have to come before itself; leave out what leads back to it.",
        fields=["prerequisites"],
    )

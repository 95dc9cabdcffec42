"""Learning of mood: what proves better on texts kept back serves; what does not is kept, and does not."""

from datetime import timedelta

import polars as pl
import pytest

from tactful.facts.wordings import Served, linear
from tactful.kernel.errors import BadInput
from tactful.predict import mood
from tactful.store.database import Database
from tactful.store.learned import moods as stored
from tactful.store.learned import setting_back, versions
from tactful.store.reading import reader
from tactful.uses import training
from tactful.uses.training import moods
from tests.living import NOW, RULES, rows
from tests.predict.mood.talk import EMOTIONS, FELT, shuffled, talk

LATER = NOW + timedelta(hours=1)
SAID = ["our room was zorbly today", "the lesson was drombic again", "my group was wozzle for me"]


def learn(database: Database, table: pl.DataFrame, *, whose: int | None = None, at: object = NOW) -> dict[str, object]:
    return moods.learn(database, table, at=at, by="test", least=500, whose=whose)  # type: ignore[arg-type]


def serving(database: Database, organisation: int, at: object = LATER) -> Served | None:
    with reader(database, few=True) as source:
        return stored.serving(source, [organisation], at).get(organisation)  # type: ignore[arg-type]


def organisations(database: Database, *names: str) -> list[int]:
    with database.batch() as connection:
        made = [
            connection.execute("INSERT INTO organisations (name, seed) VALUES (%s, 1) RETURNING id", (name,)).fetchone()
            for name in names
        ]
    return [each["id"] for each in made if each is not None]


def test_what_is_better_serves_everybody_until_it_is_set_back(closed_database: Database) -> None:
    (acme,) = organisations(closed_database, "acme")
    assert serving(closed_database, acme) is None
    report = learn(closed_database, talk(900))
    assert report["promoted"], report["reason"]
    assert "better by" in str(report["reason"])
    served = serving(closed_database, acme)
    assert served is not None
    assert served.emotion is None
    told = mood.analyse(SAID, served=served)
    assert [each.removeprefix("very_") for each in told["sentiment_type"]] == ["positive", "negative", "neutral"]
    assert told["confidence"].min() > 0.6  # type: ignore[operator]
    assert serving(closed_database, acme, NOW - timedelta(seconds=1)) is None
    # The weekly learning from organisations' own people leaves it alone.
    training.train(closed_database, RULES, at=NOW + timedelta(minutes=1), by="test")
    assert serving(closed_database, acme) is not None
    decision = versions.Decision(NOW + timedelta(minutes=2), promoted=True, by="test", reason="Set back.")
    with closed_database.batch() as connection:
        assert setting_back.serves(connection, None, stored.MOOD) == 1
        setting_back.set_back(connection, None, stored.MOOD, 0, decision=decision)
    assert serving(closed_database, acme) is None


def test_what_is_not_better_is_kept_and_does_not_serve(closed_database: Database) -> None:
    (acme,) = organisations(closed_database, "acme")
    learn(closed_database, talk(900))
    report = learn(closed_database, shuffled(talk(900)), at=NOW + timedelta(minutes=1))
    assert not report["promoted"]
    assert "not surely better" in str(report["reason"])
    same = learn(closed_database, talk(900), at=NOW + timedelta(minutes=2))
    assert not same["promoted"]
    kept = rows(closed_database, "SELECT version, promoted_at, retired_at FROM model_versions ORDER BY version")
    assert [(each["version"], each["promoted_at"], each["retired_at"]) for each in kept] == [
        (1, NOW, None), (2, None, None), (3, None, None),
    ]  # fmt: skip
    assert serving(closed_database, acme) is not None


def test_an_organisation_learns_for_itself_alone(closed_database: Database) -> None:
    acme, other = organisations(closed_database, "acme", "other")
    assert learn(closed_database, talk(900), whose=acme)["promoted"]
    assert serving(closed_database, acme) is not None
    assert serving(closed_database, other) is None


def test_emotions_are_a_model_of_their_own(closed_database: Database) -> None:
    (acme,) = organisations(closed_database, "acme")
    report = learn(closed_database, talk(900, EMOTIONS))
    assert (report["capability"], report["promoted"]) == ("emotion", True)
    served = serving(closed_database, acme)
    assert served is not None
    assert served.sentiment is None
    told = mood.analyse(["the lesson was quixed today", "my group was fimpish again"], served=served)
    assert told["emotion"].to_list() == ["anger", "joy"]
    # Of a language that it was not taught nothing is told.
    assert mood.analyse(["das ist nicht gut, quixed"], served=served)["emotion"].to_list() == [None]


def test_what_is_learned_is_small_and_says_the_same_when_read_again(closed_database: Database) -> None:
    model = moods.taught(moods.examples(talk(600), least=500))
    again = linear(model.as_dict())
    asked = mood.reading(SAID).features
    assert model.chances(asked).tolist() == again.chances(asked).tolist()
    assert len(model.as_dict()["weights"]) < 400_000
    assert model.chances(asked).sum(axis=1).tolist() == pytest.approx([1, 1, 1])


def test_what_is_kept_back_stays_the_same_when_more_is_learned_from() -> None:
    few, many = (moods.examples(talk(size), least=500) for size in (600, 900))
    kept = {text for text, back in zip(few.texts, few.share(0), strict=True) if back}
    later = {text for text, back in zip(many.texts, many.share(0), strict=True) if back}
    assert kept == later & set(few.texts)
    assert 0.1 < len(kept) / len(few.texts) < 0.3


def test_labels_may_be_ratings() -> None:
    rating = {"positive": "0.8", "neutral": "0", "negative": "-1"}
    told = talk(600).with_columns(pl.col("label").replace_strict(rating))
    assert moods.examples(told, least=500).truth.tolist() == moods.examples(talk(600), least=500).truth.tolist()


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (talk(400), "400 different texts; learning takes 500"),
        (talk(600).with_columns(label=pl.when(pl.col("id") == "t6").then(pl.lit("great")).otherwise("label")), "row 7"),
        (talk(600).with_columns(label=pl.when(pl.col("id") == "t6").then(pl.lit("joy")).otherwise("label")), "row 7"),
        (talk(600).with_columns(label=pl.lit("positive")), "fewer than 20 texts are negative"),
        (talk(600, {"joy": FELT["positive"]}), "the same label"),
    ],
)
def test_what_cannot_be_learned_from_is_named_and_changes_nothing(
    closed_database: Database, table: pl.DataFrame, words: str
) -> None:
    with pytest.raises(BadInput, match=words):
        learn(closed_database, table)
    assert rows(closed_database, "SELECT FROM model_versions") == []

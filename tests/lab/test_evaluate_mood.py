"""The evaluation of mood, on talk made up in the files' own format."""

import gzip
from pathlib import Path

import polars as pl
import pytest

from tactful.kernel.errors import NotFound
from tactful.lab.emotions import FOLDER, LABELS, comments, taught
from tactful.lab.evaluate import evaluate, mood
from tactful.predict.mood import SENTIMENT, felt, reading
from tests.predict.mood.talk import EMOTIONS, talk


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Tweets, comments and rated texts of a few hundred rows."""
    for folder in (mood.TWEETS, FOLDER, mood.RATED):
        (tmp_path / folder).mkdir()
    every = talk(800)
    every.with_columns(split=pl.lit("a")).write_parquet(tmp_path / mood.TWEETS / "train_2013_2016.parquet")
    places = pl.col("label").replace_strict({name: place for place, name in enumerate(SENTIMENT)}).alias("label")
    later = pl.concat([every.head(100), talk(860).tail(60)]).select(places, "text")
    file = tmp_path / mood.TWEETS / "tweeteval_sentiment_val.csv.gz"
    file.write_bytes(gzip.compress(later.write_csv().encode()))
    ekman = pl.col("label").replace_strict({name: str(LABELS.index(name)) for name in EMOTIONS}).alias("ekman")
    for part in ("train", "dev"):
        talk(300, EMOTIONS).with_columns(ekman).write_parquet(tmp_path / FOLDER / f"{part}.parquet")
    ratings = pl.DataFrame({"mean_valence": [3.0, -3.0, 0.1], "text": ["I love it", "I hate it", "It is a table"]})
    rated = gzip.compress(pl.concat([ratings] * 30).write_csv().encode())
    for name in ("tweets", "amazonReviewSnippets"):
        (tmp_path / mood.RATED / f"{name}.csv.gz").write_bytes(rated)
    return tmp_path


def test_every_task_has_its_rows(data: Path) -> None:
    said = {(row.task, row.model): row for row in evaluate("mood", data)}
    assert {task for task, _ in said} == {"SE-A", "SE-A@val", "SE-B@group", "SE-B@ekman", "SE-C@tweets", "SE-C@amazon"}
    assert said["SE-A", "tactful"].value > 0.85 > said["SE-A", "seed"].value
    assert said["SE-A@val", "tactful"].value > 0.85
    assert said["SE-A", "tactful"].n == 800
    assert said["SE-C@tweets", "tactful"].value > 0.9


def test_emotions_are_learned_several_at_once(data: Path) -> None:
    texts, truth = comments(data, "train")
    there = [LABELS.index(name) for name in (*EMOTIONS, "negative")]
    assert truth[:, there[-1]].tolist() == [int(not row[LABELS.index("joy")]) for row in truth]
    model = taught(texts, truth[:, there], (*EMOTIONS, "negative"))
    said = ["the lesson was quixed today", "my group was fimpish again"]
    assert [model.labels[place] for place in felt(model, reading(said).features)] == ["anger", "joy"]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="train_2013_2016"):
        evaluate("mood", tmp_path)

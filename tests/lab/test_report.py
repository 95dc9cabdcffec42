"""The page of an evaluation: one file, its figures, and pictures that say the same in words."""

import re
from base64 import b64encode
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from tactful.lab.evaluate import write
from tactful.lab.evaluate.report import page, pictures
from tactful.lab.evaluate.report.tables import sections, summary
from tactful.lab.evaluate.report.wanted import STRICTER, WANTED, verdict
from tactful.lab.evaluate.report.words import MODELS, PUBLISHED, UNLEARNED, VARIANTS, base, words
from tactful.lab.evaluate.rows import Answer, Row, measured
from tactful.learn.ranking import CALIBRATION, RANKING

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
SIZE = 400


@pytest.fixture
def rows() -> list[Row]:
    """Answers of three models to one question: ours is right, the cold start says too much."""
    chance = (np.arange(SIZE) + 0.5) / SIZE
    truth = (np.arange(SIZE) * 7919 % SIZE / SIZE < chance).astype(np.float64)
    both = {**RANKING, **CALIBRATION}
    answers = [
        Answer("tactful", chance, both, 1.0),
        Answer("cold", chance**0.5, both, 1.0),
        Answer("baseline", -chance, RANKING, 1.0),
    ]
    return [*measured("dropout", "CH-A", truth, answers), Row("dropout", "CH-A", "published", "auc", 0.852)]


def test_the_page_needs_nothing_else_and_its_policy_knows_its_style(rows: list[Row], tmp_path: Path) -> None:
    text = write(rows, tmp_path / "a" / "b", at=AT).read_text()
    style = re.search(r"<style>(.*)</style>", text, re.S)
    assert style is not None
    digest = b64encode(sha256(style[1].encode()).digest()).decode()
    assert f"default-src &#39;none&#39;; style-src &#39;sha256-{digest}&#39;" in text
    assert not re.search(r"<script|<link|<img|http://|https://|@import|url\(|style=|\son\w+=", text)
    assert page(rows, at=AT) == text


def test_every_table_has_a_caption_and_every_picture_words(rows: list[Row]) -> None:
    text = page(rows, at=AT)
    assert text.count("<table") == text.count("<caption>") == 3
    assert text.count('role="img"') == text.count("<title id=") == 3
    assert re.search(r"<title id=\"ch-a-1-1-r\">AUC: Tactful \.\d{3}; before any learning \.\d{3};", text)
    assert "2026-03-01 12:00 UTC" in text


def test_what_was_wanted_is_held_against_ours_and_the_simple_model(rows: list[Row]) -> None:
    lines = {line.measure: line for line in summary(rows)}
    found = {(row.model, row.metric): row for row in rows}
    assert set(lines) == {"AUC", "calibration error"}
    assert lines["AUC"].least == ".875"
    assert lines["AUC"].simple.value == f"{found['baseline', 'auc'].value:.3f}".lstrip("0")
    assert lines["calibration error"].simple.value == ""


def test_less_is_better_where_it_is(rows: list[Row]) -> None:
    told = {value: verdict("FG-A", "log_loss", value) for value in (0.43, 0.44, 0.45)}
    assert {value: each.words for value, each in told.items() if each} == {
        0.43: "aim reached",
        0.44: "reached",
        0.45: ".0050 short",
    }
    assert verdict("CH-A", "brier", 0.1) is None


def test_the_curve_goes_through_what_came_of_what_was_said(rows: list[Row]) -> None:
    ours = next(row for row in rows if row.curve)
    assert sum(each.size for each in ours.curve) == SIZE
    gaps = sum(each.size * abs(each.said - each.came) for each in ours.curve)
    assert gaps / SIZE == pytest.approx(ours.value)
    drawn = pictures.calibration([row for row in rows if row.metric == "ece"])
    assert drawn is not None
    assert [line.model for line in drawn.lines] == ["tactful", "cold"]
    assert all(abs(x - (pictures.SQUARE - y)) < 0.2 * pictures.SQUARE for x, y in drawn.lines[0].points)
    # the cold start says too much, so what came lies below what was said
    assert all(each.came < each.said for each in drawn.lines[1].bins[2:])
    assert pictures.calibration([row for row in rows if row.metric == "auc"]) is None


def test_ranges_lie_on_their_scale_in_the_order_of_their_figures(rows: list[Row]) -> None:
    drawn = pictures.ranges([row for row in rows if row.metric == "auc"])
    assert drawn is not None
    at = {each.label: each for each in drawn.reaches}
    assert all(
        pictures.NAMES <= each.low <= each.at <= each.high <= pictures.NAMES + pictures.SCALE for each in drawn.reaches
    )
    assert at["a simple model"].at < at["published"].at
    assert at["published"].low == at["published"].high
    assert pictures.ranges(rows[:1]) is None


def test_every_name_has_room_beside_its_range() -> None:
    # An even figure of the breadth of a letter of the page's 12-pixel letters, a little too much.
    assert max(map(len, MODELS.values())) * 6.5 + 12 <= pictures.NAMES


def test_the_page_says_where_published_figures_are_from_and_why_nothing_learned_is_there(rows: list[Row]) -> None:
    assert "Published: boosted trees on the same labels" in page(rows, at=AT)
    alone = [Row("forgetting", "FG-A@algebra", "cold", "auc", 0.7)]
    assert "Nothing learned is judged here" in page(alone, at=AT)
    assert {base(task) for task in (*PUBLISHED, *UNLEARNED)} <= {base(task) for task, _ in WANTED}


def test_a_name_that_nobody_knows_is_shown_as_it_is() -> None:
    strange = [Row("x", "ZZ-1", model, "likes", 0.5) for model in ("tactful", "<b>")]
    (section,) = sections(strange)
    assert [label for _, label, _ in section.tables[0].models] == ["Tactful", "<b>"]
    assert section.tables[0].measures[0].name == "likes"
    text = page(strange, at=AT)
    assert "&lt;b&gt;" in text
    assert "Against what was wanted" not in text


def test_words_are_about_tasks_that_exist() -> None:
    named = {task for task, _ in WANTED} | set(STRICTER) | set(VARIANTS)
    assert {task for task in named if not words(task).question} == set()
    assert {base(task) for task in VARIANTS} <= {base(task) for task, _ in WANTED}
    assert next(iter(MODELS)) == "tactful"

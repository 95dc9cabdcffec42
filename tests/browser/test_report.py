"""The page of an evaluation, opened from a folder: quiet, private, open to everybody, on screens and on paper."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tactful.lab.evaluate import oulad, write
from tests.browser.conftest import Visit
from tests.lab.public import students


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder: Path = tmp_path_factory.mktemp("report")
    students(folder)
    return write(oulad.evaluate(folder), folder, at=datetime(2026, 3, 1, tzinfo=UTC)).parent.as_uri()


@pytest.mark.parametrize("width", [360, 400, 1400])
def test_the_report_is_quiet_and_has_no_barriers(visit: Callable[..., Visit], width: int) -> None:
    seen = visit(width=width)
    seen.go("/index.html")
    assert seen.barriers_in_light_and_dark() == []
    assert seen.refused() == []
    assert seen.complaints == []
    assert seen.strangers() == []
    assert seen.overflow() <= 0


def test_the_report_is_drawn_and_leads_from_a_figure_to_its_task(visit: Callable[..., Visit]) -> None:
    page = visit().go("/index.html")
    pictures = page.get_by_role("img")
    assert pictures.count() == 4
    assert all(box is not None and box["width"] > 100 for box in (each.bounding_box() for each in pictures.all()))
    page.get_by_role("link", name="CH-B").first.click()
    assert page.url.endswith("#ch-b")
    page.get_by_text("The bins in figures").first.click()
    assert page.get_by_role("table", name="Said and came true, Tactful").first.is_visible()


def test_the_report_is_black_on_white_on_paper(visit: Callable[..., Visit]) -> None:
    page = visit(scheme="dark").go("/index.html")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.get_by_text("The bins in figures").first.is_hidden()

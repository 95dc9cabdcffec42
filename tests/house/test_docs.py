"""Documentation cannot lag: what the code has is in docs/, and what docs/ names is in the code."""

import importlib
import pkgutil
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import tactful
from docs.generate import PAGES
from tactful.api.app import create_app
from tactful.bootstrap import Engine, setting_rows
from tactful.cli.table import COMMANDS
from tactful.decide import inline_help, quick
from tactful.decide.guardrails import BINDS, HERE_RAILS, LIVE_RAILS, RAILS
from tactful.decide.policies import POLICIES
from tactful.decide.triggers import NAMES
from tactful.facts.milestones import METRICS
from tactful.kernel.errors import TactfulError
from tactful.kernel.settings import Setting, Settings
from tactful.sense.milestones import defaults
from tests.house.tree import ROOT, files, name

DOCS = ROOT / "docs"
WRITTEN = [ROOT / "README.md", ROOT / "CHANGELOG.md", *files(".md", under="docs")]


@cache
def text(page: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8")


def spans(pattern: str) -> Iterator[tuple[str, str]]:
    """Every match in the pages people wrote, with the page it is on."""
    for path in WRITTEN:
        for found in re.findall(pattern, path.read_text(encoding="utf-8"), re.MULTILINE):
            yield name(path), found


def folders(package: str) -> list[str]:
    """The packages directly inside one of ours."""
    inside = importlib.import_module(f"tactful.{package}").__path__
    return [part.name for part in pkgutil.iter_modules(inside) if part.ispkg]


@cache
def modules() -> list[ModuleType]:
    """Every module of Tactful, imported."""
    found = pkgutil.walk_packages(tactful.__path__, "tactful.")
    return [importlib.import_module(part.name) for part in found if not re.search("migrations|__main__", part.name)]


@cache
def openapi() -> dict[str, Any]:
    return create_app(Engine(Settings({}))).openapi()


@pytest.mark.parametrize("page", PAGES)
def test_pages_written_from_the_code_are_up_to_date(page: str) -> None:
    assert text(page) == PAGES[page](), "run make docs"


def test_every_setting_is_collected_and_says_what_it_is_for() -> None:
    collected = {row.name: row for row in setting_rows()}
    declared = [row for module in modules() for row in vars(module).values() if isinstance(row, Setting)]
    assert {row.name for row in declared} - collected.keys() == set()
    assert [row.name for row in collected.values() if not re.match(r"[A-Z].*[.)]$", row.help)] == []
    assert len(collected) == len(setting_rows())


def test_every_setting_is_read_by_something() -> None:
    code = [path for path in files(".py", under="tactful") if path.name != "settings.py"]
    used = set(re.findall(r"\b[A-Z][A-Z_0-9]+\b", " ".join(path.read_text() for path in code))) - {"SETTINGS"}
    read: set[str] = set()
    for module in modules():
        for constant, value in vars(module).items():
            if constant in used:
                rows = value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else [value]
                read |= {row.name for row in rows if isinstance(row, Setting)}
    assert {row.name for row in setting_rows()} - read == set()


def test_no_two_settings_read_the_same_variable() -> None:
    variables = [variable for row in setting_rows() for variable in {row.variable, *row.env}]
    assert len(variables) == len(set(variables))


def kinds_of_errors(kind: type[TactfulError] = TactfulError) -> Iterator[type[TactfulError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from kinds_of_errors(child)


def test_every_error_says_what_to_do_and_has_its_place() -> None:
    assert modules()
    for kind in kinds_of_errors():
        assert "__doc__" in vars(kind), kind
        assert (kind.__doc__ or "").strip().endswith("."), kind
        assert f"`{kind.__name__}`" in text("errors.md")
        assert 400 <= kind.status < 600


@pytest.mark.parametrize("package", ["predict", "deliver"])
def test_every_capability_and_channel_has_its_place(package: str) -> None:
    found = folders(package)
    assert found
    assert [part for part in found if f"| `{part}` |" not in text(f"{package}.md")] == []


def test_every_trigger_and_policy_has_its_place() -> None:
    labels = [*NAMES, *inline_help.TYPES, *quick.NAMES, *(policy.label for policy in POLICIES)]
    assert [label for label in labels if f"`{label}`" not in text("decide.md")] == []


def test_every_metric_and_every_milestone_has_its_place_as_it_is() -> None:
    rows = [f"| `{each.name}` | {each.metric_type} | {each.unit[1]} | {each.told} |" for each in METRICS.values()]
    rows += [
        f"| `{each.milestone_name}` | {each.display_name} | `{each.metric_name}` {each.target_value:g} "
        f"| {each.category} | {each.difficulty_level} | {each.points} |"
        for each in defaults().values()
    ]
    assert [row for row in rows if row not in text("sense.md").splitlines()] == []


def test_every_guard_rail_binds_somebody_and_has_its_place() -> None:
    bound = set().union(*BINDS.values())
    names = {rail.name for rail in (*RAILS, *LIVE_RAILS, *HERE_RAILS)}
    assert [name for name in names if f"### `{name}`" not in text("rules.md")] == []
    assert names == bound


def test_every_address_has_its_place() -> None:
    told = [f"`{method.upper()} {path}`" for path, methods in openapi()["paths"].items() for method in methods]
    assert [address for address in told if address not in text("http.md")] == []


def test_every_package_of_verbs_has_a_page() -> None:
    assert [
        verb for verb in ("sense", "predict", "decide", "compose", "deliver", "learn") if not text(f"{verb}.md")
    ] == []


def test_every_word_of_the_glossary_has_one_meaning() -> None:
    words = [line.split("|")[1].strip() for line in text("glossary.md").splitlines() if line.startswith("| ")]
    assert len(words) > 80
    assert sorted(words) == sorted(set(words))


def test_pages_name_only_commands_that_exist() -> None:
    known = {command.name for command in COMMANDS}
    assert [one for one in spans(r"(?:`|bin/)tactful ([a-z][a-z-]*)") if one[1] not in known] == []


def test_pages_name_only_addresses_that_exist() -> None:
    known = {f"{method.upper()} {path}" for path, methods in openapi()["paths"].items() for method in methods}
    named = spans(r"`((?:GET|POST|PUT|DELETE) /[^`?]*)[`?]")
    assert [one for one in named if one[1] not in known] == []


def test_pages_name_only_settings_that_exist() -> None:
    known = {row.name for row in setting_rows()}
    groups = "|".join(sorted({setting.split(".")[0] for setting in known}))
    assert [one for one in spans(rf"`((?:{groups})\.[a-z_]+)`") if one[1] not in known] == []


def test_pages_name_only_targets_that_make_knows() -> None:
    known = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert [one for one in spans(r"(?:`|^\$ )make ([a-z]+)") if one[1] not in known] == []


def test_no_link_leads_nowhere() -> None:
    links = [(path, link) for path in WRITTEN for link in re.findall(r"\]\(([^)#]+)\)", path.read_text())]
    broken = [(name(path), link) for path, link in links if "://" not in link and not _there(path, link)]
    assert broken == []


def test_pages_that_the_code_points_to_exist() -> None:
    pointed = {
        (name(path), page)
        for path in files(".py", under="tactful")
        for page in re.findall(r"docs/[a-z0-9/_-]+\.md", path.read_text())
    }
    assert {one for one in pointed if not (ROOT / one[1]).exists()} == set()


def _there(page: Path, link: str) -> bool:
    return (page.parent / link).exists()


def test_every_library_is_listed_with_its_licence() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = [row for extra, rows in project["optional-dependencies"].items() if extra != "test" for row in rows]
    names = {re.split(r"[\[<>=; ]", row)[0] for row in [*project["dependencies"], *extras]}
    listed = set(re.findall(r"[a-z][a-z0-9-]+", text("decisions/0007-libraries.md")))
    assert names - listed == set()


def test_every_decision_is_one_quotable_line_on_one_page() -> None:
    records = sorted(DOCS.glob("decisions/0*.md"))
    assert records
    for path in records:
        lines = path.read_text().splitlines()
        assert re.match(rf"# {path.name[:4]} \w", lines[0])
        assert re.match(r"\*.+\.\*$", lines[2]), path.name
        assert len(lines) < 60
        assert path.name in text("decisions/README.md")

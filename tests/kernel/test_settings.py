"""Settings are read once, from three places, and a wrong one stops the start with one sentence."""

from pathlib import Path
from typing import Any

import pytest

from tactful.bootstrap import read_settings
from tactful.kernel.errors import BadSetting
from tactful.kernel.settings import Agreement, Setting, Settings, read

SIZE = Setting("demo.size", 3, "How many.", low=1, high=10, env=("SIZE", "OLD_SIZE"))
SHARE = Setting("demo.share", 0.5, "Which part.", low=0, high=1)
WORD = Setting("demo.word", "a", "Which one.", choices=("a", "b"))
FLAG = Setting("demo.flag", False, "Whether.")
KEY = Setting("demo.key", "", "The key.", secret=True, check=lambda key: "is too short" if len(key) < 4 else None)
ROWS: tuple[Setting[Any], ...] = (SIZE, SHARE, WORD, FLAG, KEY)


def settings(file: Path | None = None, **environ: str) -> Settings:
    return read(ROWS, environ=environ, file=file)


def test_without_anything_the_default_holds() -> None:
    assert settings()[SIZE] == 3


def test_the_environment_overrules_the_file(tmp_path: Path) -> None:
    file = tmp_path / "tactful.toml"
    file.write_text("[demo]\nsize = 4\nshare = 0.25\n")
    found = settings(file, TACTFUL_DEMO_SIZE="5")
    assert (found[SIZE], found[SHARE]) == (5, 0.25)


def test_names_of_host_products_are_read_after_our_own() -> None:
    assert settings(OLD_SIZE="2")[SIZE] == 2
    assert settings(OLD_SIZE="2", SIZE="4")[SIZE] == 4
    assert settings(OLD_SIZE="2", TACTFUL_DEMO_SIZE="5")[SIZE] == 5


def test_what_must_not_lie_in_a_file_is_refused_there_without_being_told(tmp_path: Path) -> None:
    file = tmp_path / "tactful.toml"
    file.write_text("[demo]\npin = '1234-5678'\n")
    pin = Setting("demo.pin", "", "The pin.", secret=True, never_in_file=True)
    with pytest.raises(
        BadSetting, match=r"^demo\.pin must not stand in .*tactful\.toml; set TACTFUL_DEMO_PIN"
    ) as error:
        read([pin], environ={}, file=file)
    assert "1234" not in error.value.detail
    assert read([pin], environ={"TACTFUL_DEMO_PIN": "1234"}, file=None)[pin] == "1234"


def test_an_empty_variable_is_as_good_as_none() -> None:
    assert settings(TACTFUL_DEMO_SIZE="")[SIZE] == 3


@pytest.mark.parametrize(("word", "flag"), [("1", True), ("Yes", True), (" on ", True), ("0", False), ("OFF", False)])
def test_flags_are_read_in_words(word: str, flag: bool) -> None:
    assert settings(TACTFUL_DEMO_FLAG=word)[FLAG] is flag


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("TACTFUL_DEMO_SIZE", "many", "demo.size (from TACTFUL_DEMO_SIZE) must be a whole number."),
        ("TACTFUL_DEMO_SIZE", "2.5", "demo.size (from TACTFUL_DEMO_SIZE) must be a whole number."),
        ("TACTFUL_DEMO_SIZE", "11", "demo.size (from TACTFUL_DEMO_SIZE): 11 is above 10."),
        ("OLD_SIZE", "0", "demo.size (from OLD_SIZE): 0 is below 1."),
        ("TACTFUL_DEMO_SHARE", "half", "demo.share (from TACTFUL_DEMO_SHARE) must be a number."),
        ("TACTFUL_DEMO_SHARE", "nan", "demo.share (from TACTFUL_DEMO_SHARE): nan is not a finite number."),
        ("TACTFUL_DEMO_SHARE", "inf", "demo.share (from TACTFUL_DEMO_SHARE): inf is not a finite number."),
        ("TACTFUL_DEMO_WORD", "c", "demo.word (from TACTFUL_DEMO_WORD): 'c' is not one of a, b."),
        ("TACTFUL_DEMO_FLAG", "perhaps", "demo.flag (from TACTFUL_DEMO_FLAG) must be true or false."),
        ("TACTFUL_DEMO_KEY", "abc", "demo.key (from TACTFUL_DEMO_KEY): the value given is too short."),
    ],
)
def test_a_wrong_value_stops_with_one_sentence_that_names_it(variable: str, value: str, sentence: str) -> None:
    with pytest.raises(BadSetting) as caught:
        read(ROWS, environ={variable: value}, file=None)
    assert caught.value.detail == sentence
    assert caught.value.fields == [sentence.split(" ")[0]]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("[demo]\nsizes = 4\n", "demo.sizes in .* is not a setting"),
        ("[demo]\nsize = true\n", "must be a whole number"),
        ("[demo]\nsize = 4.0\n", "must be a whole number"),
        ("[demo\n", "is not valid TOML"),
    ],
)
def test_a_wrong_file_stops_with_one_sentence(tmp_path: Path, content: str, problem: str) -> None:
    file = tmp_path / "tactful.toml"
    file.write_text(content)
    with pytest.raises(BadSetting, match=problem):
        settings(file)


def test_a_file_that_is_not_text_stops_with_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "tactful.toml"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadSetting, match="is not valid TOML"):
        settings(file)


@pytest.mark.parametrize(
    ("variable", "sentence"),
    [
        ("TACTFUL_DEMO_SIZ", "TACTFUL_DEMO_SIZ is not a setting; did you mean TACTFUL_DEMO_SIZE?"),
        ("TACTFUL_DEM0_SHARE", "TACTFUL_DEM0_SHARE is not a setting; did you mean TACTFUL_DEMO_SHARE?"),
        ("TACTFUL_CONFIGURATION", "TACTFUL_CONFIGURATION is not a setting; did you mean TACTFUL_CONFIG?"),
        ("TACTFUL_QQQ", "TACTFUL_QQQ is not a setting; see docs/settings.md."),
        ("TACTFUL_PORT", "TACTFUL_PORT is not a setting; see docs/settings.md."),
    ],
)
def test_a_variable_that_sets_nothing_stops_the_start_and_names_the_nearest(variable: str, sentence: str) -> None:
    with pytest.raises(BadSetting) as caught:
        read(ROWS, environ={variable: "8000"}, file=None)
    assert caught.value.detail == sentence


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("TACTFUL_SERVICE_HOST", "10.0.0.1"),
        ("TACTFUL_SERVICE_PORT_HTTP", "8000"),
        ("TACTFUL_PORT", "tcp://10.0.0.1:8000"),
        ("TACTFUL_API_PORT_8000_TCP_ADDR", "10.0.0.1"),
        ("TACTFUL_WORKER_PORT_8000_TCP", "tcp://10.0.0.1:8000"),
        ("TACTFUL_DEMO_OLD", ""),
        ("OTHER_SIZE", "4"),
    ],
)
def test_variables_that_others_set_are_left_alone(variable: str, value: str) -> None:
    assert read(ROWS, environ={variable: value}, file=None)[SIZE] == 3


def test_the_file_that_the_environment_names_is_read_and_must_be_there(tmp_path: Path) -> None:
    other, usual = tmp_path / "other.toml", tmp_path / "tactful.toml"
    usual.write_text("[demo]\nsize = 4\n")
    other.write_text("[demo]\nsize = 5\n")
    assert settings(usual, TACTFUL_CONFIG=str(other))[SIZE] == 5
    assert settings(usual, TACTFUL_CONFIG="")[SIZE] == 4
    assert settings(tmp_path / "none.toml")[SIZE] == 3
    for missing in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(BadSetting) as caught:
            settings(usual, TACTFUL_CONFIG=str(missing))
        assert caught.value.detail == f"TACTFUL_CONFIG names {missing}, and there is no such file."


RISE = Agreement((SHARE, SIZE), lambda share, size: None if share < size else f"must rise: {share:g}, {size}")


def test_settings_that_do_not_fit_together_stop_the_start_with_one_sentence() -> None:
    assert read(ROWS, environ={}, file=None, agreements=[RISE])[SIZE] == 3
    with pytest.raises(BadSetting) as caught:
        read(ROWS, environ={"SIZE": "1", "TACTFUL_DEMO_SHARE": "1"}, file=None, agreements=[RISE])
    assert caught.value.detail == "demo.share and demo.size must rise: 1, 1."
    assert caught.value.fields == ["demo.share", "demo.size"]


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        (
            {"TACTFUL_DROPOUT_MEDIUM_FROM": "0.6"},
            "dropout.medium_from, dropout.high_from and dropout.critical_from must rise in this order: 0.6, 0.5, 0.7.",
        ),
        (
            {"TACTFUL_DROPOUT_CRITICAL_FROM": "0.5"},
            "dropout.medium_from, dropout.high_from and dropout.critical_from must rise in this order: 0.3, 0.5, 0.5.",
        ),
        (
            {"TACTFUL_WORKER_TICK_CRON": "often"},
            "worker.tick_cron (from TACTFUL_WORKER_TICK_CRON): 'often' is not a cron line like */5 * * * *.",
        ),
    ],
)
def test_what_cannot_be_is_refused_at_start(environ: dict[str, str], sentence: str) -> None:
    with pytest.raises(BadSetting) as caught:
        read_settings(environ)
    assert caught.value.detail == sentence


def test_half_a_quiet_window_is_refused_at_start(tmp_path: Path) -> None:
    file = tmp_path / "tactful.toml"
    file.write_text('[decide]\nquiet_end = ""\n')
    with pytest.raises(BadSetting) as caught:
        read_settings({}, file)
    assert caught.value.detail == "decide.quiet_start and decide.quiet_end must both be given, or both be empty."
    file.write_text('[decide]\nquiet_start = ""\nquiet_end = ""\n')
    assert read_settings({}, file)


def test_secrets_are_left_out_when_settings_are_shown() -> None:
    shown = settings(TACTFUL_DEMO_KEY="long enough").public(ROWS)
    assert shown == {"demo.size": 3, "demo.share": 0.5, "demo.word": "a", "demo.flag": False}


def test_a_copy_with_changes_leaves_the_first_as_it_was() -> None:
    first = settings()
    assert first.replace(demo__size=9)[SIZE] == 9
    assert first[SIZE] == 3

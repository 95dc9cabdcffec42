"""Teaching moods at the command line: what became of it is said in words, and what is wrong in one sentence."""

from pathlib import Path

from tests.cli.conftest import Typed
from tests.predict.mood.talk import talk


def test_texts_are_learned_from_listed_and_taken_back(typed: Typed, tmp_path: Path) -> None:
    path = tmp_path / "texts.csv"
    talk(900).write_csv(path)
    told = typed("train", "mood", "--data", path)
    assert told.status == 0, told.err
    assert "Everybody, mood: version 1 serves from now on. It is better by" in told.out
    assert "were kept back to judge it" in told.out
    assert "mood 1: serves" in typed("train", "mood", "--history", "--everybody").out
    assert "before anything was learned serves again" in typed("train", "mood", "--back", 0, "--everybody").out
    assert "mood 1: served" in typed("train", "mood", "--history", "--everybody").out
    path.write_text("text,label\nfine,good\n")
    for arguments, words in (
        (("mood", "--data", path), "in row 1 ('good')"),
        (("mood",), "give a file with --data"),
        (("dropout", "--data", path), "--data goes with mood"),
        (("--back", 1, "--everybody"), "needs to know of what"),
        (("mood", "--data", tmp_path / "none.csv"), "There is no file"),
    ):
        refused = typed("train", *arguments)
        assert (refused.status, refused.out) == (2, "")
        assert words in refused.err

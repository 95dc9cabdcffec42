"""Anybody's YAML is read safely: no tags, no anchors, no bombs, no key twice; mistakes are named with their line."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.kernel.errors import BadInput
from tactful.sense.yaml_file import MOST_BYTES, read

BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"


def test_values_know_their_lines_and_words_stay_words() -> None:
    tree = read("no: on\nlist:\n  - 3\n  - 2.5\n  - true\n  - '7'\n  - >\n    two\n    lines\n")
    assert tree.plain() == {"no": "on", "list": [3, 2.5, True, "7", "two lines\n"]}
    assert [each.line for each in tree.value["list"].value] == [3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "not empty"),
        ("# nothing\n", "nothing in it"),
        (BOMB, "line 1: anchors and aliases"),
        ("a: 1\nb: !!python/object/apply:os.system ['true']", "line 2: tags (!) are not read"),
        ("a: 1\nb: !ours 2", "line 2: tags"),
        ("a: 1\nc: 2\na: 3", "line 3: a stands here twice"),
        ("? [x, y]\n: 1", "line 1: a key must be a word"),
        ("a: 1\n---\nb: 2", "a second document begins"),
        ("a: [1, 2", "this is not YAML"),
        ("a:\n\t- 1", "line 2: this is not YAML"),
        ('a: "\\0"', "control character"),
        ('a: "\\uD800"', "control character"),
        ('a: "\\UFFFFFFFF"', "not YAML"),
        ("a: \x00", "not YAML"),
        ("[" * 40 + "]" * 40, "more than 5000 values or 10 levels"),
        ("- x\n" * 6000, "more than 5000 values or 10 levels"),
        ("a: " + "x" * MOST_BYTES, "longer than 65,536 bytes"),
        (7, "must be text"),
    ],
)
def test_what_is_not_read_is_said(text: object, problem: str) -> None:
    with pytest.raises(BadInput) as error:
        read(text)
    assert problem in error.value.detail
    assert error.value.fields == ["file"]


@given(st.text(alphabet="ab:-&*!{}[]'\"\\\n ?#|>%@`,0", max_size=60))
def test_whatever_somebody_sends_is_a_tree_or_a_mistake(text: str) -> None:
    with suppress(BadInput):
        assert read(text).line >= 1

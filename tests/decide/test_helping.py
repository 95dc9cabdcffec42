"""Help before somebody starts has words for whatever speaks loudest, and two ways on."""

from tactful.decide.helping import ACTIONS, REVIEW, WORDS, help_for
from tactful.predict import struggle


def test_every_factor_has_words_of_its_own() -> None:
    assert WORDS.keys() == struggle.FACTORS.keys()
    assert len(set(WORDS.values())) == len(WORDS)


def test_there_are_two_ways_on_and_the_first_takes_the_help() -> None:
    for factor in WORDS:
        message, actions = help_for(factor)
        assert message.endswith(("?", "."))
        assert [action["type"] for action in actions] == [kind for kind, _ in ACTIONS]
        assert actions[0]["type"] == REVIEW
        assert all(action["label"] for action in actions)

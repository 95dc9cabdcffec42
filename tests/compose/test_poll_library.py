"""Every template in every language: complete, short enough, fillable, and none of them twice."""

from collections import Counter
from itertools import product

import pytest

from tactful.compose.polls import GAMIFICATION, NOTIFICATION, POLL, Context, Template, library, render
from tactful.compose.polls.library import FILES, groups, load
from tactful.compose.polls.rendering import FACTS
from tactful.compose.polls.template import (
    ANOMALIES,
    CHAT_PROMPT,
    KINDS,
    LANGUAGES,
    MULTIPLE_CHOICE,
    OPEN_ENDED,
    PHASES,
    RATING,
    SEVERITIES,
    TYPES,
)
from tactful.compose.variables import LONGEST_TOPIC
from tactful.store.sensed.achievements import ACHIEVEMENTS

LONGEST = {"question": 140, "text": 140, "title": 60, "body": 160}
LONGEST_OPTION = 60
CONTENT = {POLL: "poll", CHAT_PROMPT: "prompt", NOTIFICATION: "notification", GAMIFICATION: "gamification"}
SCALE = ("1", "2", "3", "4", "5")
# The longest each fact may be in a sentence.
FILLED = {"topic": "x" * LONGEST_TOPIC, "viewers": "100000", "before": "100000", "lost": "100", "minutes": "999"}

each_template = pytest.mark.parametrize("template", library(), ids=lambda template: template.name)
each_poll = pytest.mark.parametrize(
    "template", [each for each in library() if each.kind == POLL], ids=lambda template: template.name
)


def of(kind: str) -> list[Template]:
    return [template for template in library() if template.kind == kind]


def test_there_is_enough_of_every_kind() -> None:
    assert len(of(POLL)) >= 30
    assert {template.family for template in of(POLL)} == {"pulse", "opinion", "engaging", "tech", "crisis"}
    assert {template.type for template in of(POLL)} == set(TYPES)
    assert len(of(CHAT_PROMPT)) >= 12
    assert sum(template.to == "audience" for template in of(NOTIFICATION)) >= 6
    games = Counter(template.family for template in of(GAMIFICATION))
    assert games["achievement"] >= 6
    assert games["leaderboard"] >= 3


def test_organisers_are_told_of_every_anomaly_in_every_severity() -> None:
    told = [(*template.anomalies, template.severity) for template in of(NOTIFICATION) if template.to == "organisers"]
    assert sorted(told) == sorted(product(ANOMALIES, SEVERITIES))


def test_names_and_texts_are_there_once() -> None:
    assert len({template.name for template in library()}) == len(library())
    for language, kind in product(LANGUAGES, KINDS):
        said = Counter(
            text.words
            for template in of(kind)
            for part, texts in template.wordings[language].parts.items()
            if part != "title"
            for text in texts
        )
        assert [words for words, count in said.items() if count > 1] == []


@each_template
def test_it_says_where_it_fits(template: Template) -> None:
    assert template.kind in KINDS
    assert template.anomalies
    assert template.anomalies <= set(ANOMALIES)
    assert template.phases
    assert template.phases <= set(PHASES)
    assert template.topics <= groups().keys()
    assert template.fewest >= 0
    assert template.most == 0 or template.fewest < template.most
    assert (template.family == "tech") <= (template.topics == {"technical"})
    assert (template.achievement in ACHIEVEMENTS) == (template.family == "achievement")


@each_template
def test_every_language_has_all_parts_and_says_something_of_its_own(template: Template) -> None:
    assert template.wordings.keys() == set(LANGUAGES)
    english, german = (template.wordings[language] for language in LANGUAGES)
    assert english.parts.keys() == german.parts.keys()
    assert len(english.options) == len(german.options)
    for part, texts in english.parts.items():
        assert [text.names for text in texts] == [text.names for text in german.parts[part]]
        assert {text.words for text in texts}.isdisjoint(text.words for text in german.parts[part])


@each_template
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_fits_where_it_is_shown(template: Template, language: str) -> None:
    for part, texts in template.wordings[language].parts.items():
        for text in texts:
            filled = text.words.format_map(FILLED)
            assert len(filled) <= LONGEST[part], filled
            assert filled == filled.strip()
            assert filled.isprintable()


@each_template
@pytest.mark.parametrize("language", LANGUAGES)
def test_there_is_a_text_for_when_nothing_is_known(template: Template, language: str) -> None:
    for texts in template.wordings[language].parts.values():
        *richer, plain = texts
        assert not plain.names
        assert all(text.names <= {"topic", "viewers", *FACTS} and text.names for text in richer)


@each_poll
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_poll_asks_one_question_with_fitting_answers(template: Template, language: str) -> None:
    wording = template.wordings[language]
    assert all(text.words.endswith("?") for text in wording.parts["question"])
    assert all(0 < len(option) <= LONGEST_OPTION for option in wording.options)
    assert len({option.casefold() for option in wording.options}) == len(wording.options)
    if template.type == MULTIPLE_CHOICE:
        assert 2 <= len(wording.options) <= 6
    else:
        assert wording.options == (SCALE if template.type == RATING else ())


@each_poll
def test_a_poll_stays_open_long_enough_for_its_type(template: Template) -> None:
    allowed = {RATING: {45}, MULTIPLE_CHOICE: {45, 60}, OPEN_ENDED: {90}}
    assert template.seconds in allowed[template.type]


@each_template
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_rendered_with_and_without_a_topic(template: Template, language: str) -> None:
    for topic in ("", "Tides {viewers}", "Tides"):
        told = render(template, Context("LOW_ENGAGEMENT", "low", 80, "middle", topic=topic, language=language))
        said = [value for value in told[CONTENT[template.kind]].values() if isinstance(value, str)]
        assert "{" not in "".join(said)
        assert (told["template"], told["language"], told["generated_by"]) == (template.name, language, "template")


def test_no_file_has_anything_that_is_not_read() -> None:
    known = {
        "name", "kind", "family", "type", "seconds", "anomalies", "phases", "topics", "fewest", "most", "to",
        "severity", "achievement", *LANGUAGES,
    }  # fmt: skip
    for name in FILES:
        told = load(name)
        rows = told.pop("template")
        assert set(told).union(*rows) <= known

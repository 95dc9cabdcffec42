"""What is said in a live session fits its moment, and is not said again soon."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.compose.polls import GAMIFICATION, KINDS, NOTIFICATION, POLL, Context, library, named, render, suitable
from tactful.compose.polls.choosing import topics
from tactful.compose.polls.template import ANOMALIES, LANGUAGES, PHASES, REMEMBERED, SEVERITIES

SIZES = (1, 12, 250, 100_000)
NAMES = [template.name for template in library()]
contexts = st.builds(
    Context,
    anomaly=st.sampled_from(("", *ANOMALIES)),
    severity=st.sampled_from(SEVERITIES),
    viewers=st.integers(0, 200_000),
    phase=st.sampled_from(PHASES),
    topic=st.sampled_from(("", "Rust in production", "Grammar", "{viewers}", "a\nb", "x" * 500)),
    language=st.sampled_from(("en", "de", "de-AT", "fr", "", "deutsch")),
    used=st.lists(st.sampled_from(NAMES), max_size=12, unique=True).map(tuple),
    facts=st.dictionaries(st.sampled_from(("lost", "before", "minutes", "other")), st.floats()),
)


def first(kind: str, anomaly: str, severity: str = "medium", topic: str = "") -> str:
    return suitable(kind, Context(anomaly, severity, 80, "middle", topic=topic))[0].family


@pytest.mark.parametrize(
    ("anomaly", "family"),
    [("SUDDEN_DROP", "engaging"), ("GRADUAL_DECLINE", "opinion"), ("LOW_ENGAGEMENT", "pulse"), ("MASS_EXIT", "crisis")],
)
def test_each_anomaly_has_its_family_of_polls(anomaly: str, family: str) -> None:
    assert first(POLL, anomaly) == family


@pytest.mark.parametrize(
    "topic", ["Rust in production", "Softwarearchitektur", "C++ for games", "CI/CD im Mittelstand"]
)
def test_technical_topics_get_technical_polls_unless_people_leave(topic: str) -> None:
    assert first(POLL, "GRADUAL_DECLINE", topic=topic) == "tech"
    assert first(POLL, "MASS_EXIT", topic=topic) == "crisis"


@pytest.mark.parametrize(
    "topic", ["", "Leadership", "Restaurants in Rome", "Goethe", "Gardening", "Buildings of the north"]
)
def test_other_topics_get_none(topic: str) -> None:
    told = suitable(POLL, Context("LOW_ENGAGEMENT", "medium", 80, "middle", topic=topic))
    assert {template.family for template in told} == {"pulse", "opinion", "engaging"}


def test_what_is_about_the_topic_comes_first_in_its_family() -> None:
    told = suitable(POLL, Context("GRADUAL_DECLINE", "low", 80, "middle", topic="How students learn"))
    assert told[0].name == "opinion_learning"
    assert topics("", "How students learn") == {"learning"}


def test_organisers_are_told_first_when_it_is_grave() -> None:
    grave = suitable(NOTIFICATION, Context("LOW_ENGAGEMENT", "critical", 80, "middle"))
    assert grave[0].name == "alert_low_engagement_critical"
    assert first(NOTIFICATION, "MASS_EXIT", "medium") == "organisers"
    mild = suitable(NOTIFICATION, Context("LOW_ENGAGEMENT", "medium", 80, "middle"))
    assert (mild[0].to, mild[-1].name) == ("audience", "alert_low_engagement_medium")


def test_organisers_may_be_told_the_same_again() -> None:
    used = ("alert_mass_exit_high",)
    assert suitable(NOTIFICATION, Context("MASS_EXIT", "high", 80, "end", used=used))[0].name == used[0]


def test_an_organiser_who_asks_without_an_anomaly_gets_everything_but_alarms() -> None:
    for kind in KINDS:
        told = suitable(kind, Context("", "", 80, "middle"))
        assert len(told) >= 5
        assert not {template.family for template in told} & {"crisis", "organisers"}


@pytest.mark.parametrize(("anomaly", "phase", "viewers"), list(product(ANOMALIES, PHASES, SIZES)))
def test_ten_polls_go_by_before_one_comes_again(anomaly: str, phase: str, viewers: int) -> None:
    used: tuple[str, ...] = ()
    for _ in range(30):
        chosen = suitable(POLL, Context(anomaly, "high", viewers, phase, used=used))[0]
        assert chosen.name not in used[:REMEMBERED]
        used = (chosen.name, *used)


def test_when_all_were_used_the_oldest_comes_again_first() -> None:
    all_of_them = tuple(template.name for template in suitable(GAMIFICATION, Context("SUDDEN_DROP", "low", 3, "end")))
    assert 2 < len(all_of_them) <= REMEMBERED
    told = suitable(GAMIFICATION, Context("SUDDEN_DROP", "low", 3, "end", used=all_of_them))
    assert [template.name for template in told] == list(reversed(all_of_them))


def test_a_room_of_three_gets_no_leaderboard_and_a_crowd_no_open_question() -> None:
    few = suitable(GAMIFICATION, Context("SUDDEN_DROP", "low", 3, "middle"))
    assert {template.family for template in few} == {"achievement"}
    many = suitable(POLL, Context("SUDDEN_DROP", "low", 100_000, "middle"))
    assert "open_ended" not in {template.type for template in many}


@pytest.mark.parametrize(("anomaly", "severity", "language"), list(product(ANOMALIES, SEVERITIES, LANGUAGES)))
def test_organisers_are_told_facts_and_words_alone_where_none_are_known(
    anomaly: str, severity: str, language: str
) -> None:
    alert = named(f"alert_{anomaly.lower()}_{severity}")
    facts = {"lost": 41.6, "before": 137.0, "minutes": 3.2}
    told = render(alert, Context(anomaly, severity, 80, "middle", language=language, facts=facts))["notification"]
    assert "42 %" in told["body"]
    assert "80" in told["body"]
    bare = render(alert, Context(anomaly, severity, 80, "middle", language=language))["notification"]
    assert bare["body"]
    assert "%" not in bare["body"]
    assert told["to"] == bare["to"] == "organisers"


def test_the_words_come_in_the_language_of_the_session_or_in_english() -> None:
    spoken = {
        tag: Context("", "", 1, "end", language=tag).spoken for tag in ("de", "de-AT", "DE", "en-GB", "fr", "", "deu")
    }
    assert spoken == {"de": "de", "de-AT": "de", "DE": "de", "en-GB": "en", "fr": "en", "": "en", "deu": "en"}


def test_the_contents_are_those_of_the_contract() -> None:
    about = Context("MASS_EXIT", "high", 80, "end", topic="Tides", language="en")
    source = {"language": "en", "generated_by": "template", "anomaly_type": "MASS_EXIT", "severity": "high"}
    assert render(named("crisis_recap"), about) == {
        "poll": {
            "question": "Shall we sum up Tides in two minutes?", "type": "multiple_choice",
            "options": ["Yes, please", "Later", "No, go on"], "duration": 45,
        },
        "template": "crisis_recap",
    } | source  # fmt: skip
    assert set(render(named("prompt_emoji"), about)["prompt"]) == {"text"}
    assert set(render(named("notice_stay"), about)["notification"]) == {"to", "title", "body"}
    game = render(named("curious_mind"), about)["gamification"]
    assert game == {
        "type": "achievement", "name": "first_question", "title": "Curious mind",
        "body": "Goes to everybody who asks a question about Tides.",
    }  # fmt: skip


@given(st.sampled_from(KINDS), contexts)
def test_whatever_is_known_what_fits_is_the_same_again_and_can_be_said(kind: str, context: Context) -> None:
    told = suitable(kind, context)
    assert told == suitable(kind, context)
    assert all(template.kind == kind for template in told)
    assert told or (kind, context.anomaly) == (GAMIFICATION, "MASS_EXIT")
    for template in told:
        assert "{viewers}" not in str(render(template, context))

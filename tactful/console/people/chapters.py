"""Sentences about what somebody did and what was believed: what happened, its tone, and what else was said.

Each takes what the entry tells (`store.overseen.chapters`) and the person's own clock; text of people stays text.
"""

from tactful.console.painting import percent, words
from tactful.console.people.sentences import Body, Clock, Sentence, at, count, minutes, suggested
from tactful.console.times import instant
from tactful.store.overseen.roster import LEVELS

# Capability: what was believed they would do, and what it is called when they did and when they did not.
BELIEFS = {
    "dropout": ("stay away for the whole horizon", "They stayed away.", "They came back."),
    "timing": ("answer within a day", "They did.", "They did not."),
    "plateau": ("stay stuck on {about}", "They stayed stuck.", "They got on."),
    "mood_trend": ("sound {about} than their mood was", "They did.", "They did not."),
    "forgetting": ("have forgotten {about}", "They had.", "They still knew it."),
}


def day(body: Body, _: Clock) -> Sentence:
    """A day of theirs, added up."""
    parts = [f"{count(body['events'], 'event')} in {count(body['sessions'], 'session')}"]
    if body["completions"]:
        parts.append(f"{body['completions']} completed")
    if body["seconds"]:
        parts.append(f"{minutes(body['seconds'])} counted")
    if body["score_count"]:
        parts.append(f"average score {100 * body['score_sum'] / body['score_count']:.0f} in 100")
    if body["sentiment_count"]:
        parts.append(f"mood {body['sentiment_sum'] / body['sentiment_count']:+.2f}")
    return f"A day with {', '.join(parts)}.", "plain", ""


def session(body: Body, local: Clock) -> Sentence:
    """A session of theirs."""
    began, ended = at(body["started_at"]), at(body["ended_at"])
    since = f"{local(began):%H:%M} to {local(ended):%H:%M}"
    return f"Session from {since}, {count(body['events'], 'event')}.", "plain", ""


def known(body: Body, _: Clock) -> Sentence:
    """They were first heard of."""
    return "The engine first heard of them.", "plain", ""


def risk(body: Body, _: Clock) -> Sentence:
    """Their level of risk became another one."""
    level, before, score = body["level"], body["before"], body["score"]
    factors = ", ".join(words(factor) for factor in body["factors"])
    shown = f" ({score:.2f})" if score is not None else ""
    if "unknown" in (level, before):
        return f"Risk of leaving became {level}{shown}.", level, factors
    way = "went up" if LEVELS.index(level) < LEVELS.index(before) else "went down"
    return f"Risk of leaving {way} from {before} to {level}{shown}.", level, factors


def struggle(body: Body, _: Clock) -> Sentence:
    """They were about to start something."""
    offered = "Help was offered." if body["offered"] else "No help was offered."
    if body["probability"] is None:
        return f"About to start {body['content']}; nothing was known that tells whether they struggle.", "plain", ""
    return f"About to start {body['content']}: {percent(body['probability'])} likely to struggle.", "plain", offered


def struggled(body: Body, _: Clock) -> Sentence:
    """What came of it."""
    told = "Struggled with" if body["struggled"] else "Did well at"
    believed = f"Believed before: {percent(body['probability'])}." if body["probability"] is not None else ""
    gave_up = "They gave up. " if body["gave_up"] else ""
    source = "The product said so." if body["from"] == "told" else "Their own attempt tells."
    return (
        f"{told} {body['content']}.",
        "high" if body["struggled"] else "good",
        f"{gave_up}{believed} {source}".strip(),
    )


def helped(body: Body, _: Clock) -> Sentence:
    """What they chose of the help."""
    if body["accepted"]:
        return f"Took the help offered with {body['content']}.", "good", ""
    return f"Went on with {body['content']} without the help.", "plain", ""


def settled(body: Body, _: Clock) -> Sentence:
    """What was believed of them is known now."""
    what, yes, no = BELIEFS[body["capability"]]
    chance = body["probability"]
    believed = f"{percent(chance)} likely to" if chance is not None else "judged by a rule whether they"
    when = instant(at(body["asked_at"]))
    return f"Believed on {when}: {believed} {what.format(about=body['about'])}.", "plain", yes if body["truth"] else no


def stuck(body: Body, _: Clock) -> Sentence:
    """They were found stuck."""
    return f"Found to be stuck on {body['skill']}.", "medium", suggested(body)


def unstuck(body: Body, _: Clock) -> Sentence:
    """They no longer are."""
    if body["resolved"]:
        return f"Got on with {body['skill']}.", "good", "They had taken what was suggested." if body["taken"] else ""
    return f"No longer tries {body['skill']}.", "plain", ""


def fading(body: Body, _: Clock) -> Sentence:
    """They are losing a skill."""
    lost = f"{100 * body['lost']:.0f} points below their best of {100 * body['peak']:.0f}"
    return f"Losing {body['skill']}: {lost}.", body["urgency"], f"Urgency {body['urgency']}."


def milestone(body: Body, _: Clock) -> Sentence:
    """They reached a milestone."""
    points = f"{count(body['points'], 'point')}. " if body["points"] else ""
    told = "They were told." if body["celebrated"] else ""
    return f"Reached a milestone: {body['milestone']}.", "good", f"{points}{told}".strip()


def reviewed(body: Body, _: Clock) -> Sentence:
    """They practised it again."""
    return f"Practised {body['skill']} again.", "good", "They had been reminded." if body["reminded"] else ""

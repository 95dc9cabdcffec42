"""From a template and what is known to the contents of an intervention. Pure: the same in, the same out."""

from collections.abc import Mapping
from math import isfinite
from typing import Any

from tactful.compose.polls.template import CHAT_PROMPT, NOTIFICATION, POLL, VARIABLE, Context, Template, Text
from tactful.compose.variables import LONGEST_TOPIC, quotable

FACTS = ("lost", "before", "minutes")


def render(template: Template, context: Context) -> dict[str, Any]:
    """What `interventions.metadata` holds of it: the words by the name of their kind, and where they come from.

    Ids, times and chances are added by whoever writes it down.

    >>> from tactful.compose.polls.library import named
    >>> told = render(named("crisis_recap"), Context("MASS_EXIT", "high", 80, "end", topic="Tides"))
    >>> told["poll"]["question"], told["poll"]["duration"], told["generated_by"]
    ('Shall we sum up Tides in two minutes?', 45, 'template')
    """
    language = context.spoken
    wording = template.wordings[language]
    words = known(context)
    said = {part: _fill(texts, words) for part, texts in wording.parts.items()}
    return {
        **_content(template, said, wording.options),
        "template": template.name,
        "language": language,
        "generated_by": "template",
        "anomaly_type": context.anomaly,
        "severity": context.severity,
    }


def known(context: Context) -> dict[str, str]:
    """The words that can be filled in.

    >>> known(Context("MASS_EXIT", "high", 80, "end", facts={"lost": 41.6, "before": float("nan")}))
    {'viewers': '80', 'lost': '42'}
    """
    words = {"viewers": str(context.viewers)}
    topic = quotable(context.topic, LONGEST_TOPIC)
    if topic:
        words["topic"] = topic
    for name in FACTS:
        value = context.facts.get(name)
        if isinstance(value, (int, float)) and isfinite(value) and value >= 0:
            # What has just begun has gone on for a minute, not for none.
            words[name] = str(max(round(value), 1 if name == "minutes" else 0))
    return words


def _content(template: Template, said: dict[str, str], options: tuple[str, ...]) -> dict[str, Any]:
    if template.kind == POLL:
        return {"poll": {**said, "type": template.type, "options": list(options), "duration": template.seconds}}
    if template.kind == CHAT_PROMPT:
        return {"prompt": said}
    if template.kind == NOTIFICATION:
        return {"notification": {"to": template.to, **said}}
    # Of an achievement the name that it is handed out by.
    name = template.achievement or template.name
    return {"gamification": {"type": template.family, "name": name, **said}}


def _fill(texts: tuple[Text, ...], words: Mapping[str, str]) -> str:
    text = next(each for each in texts if each.names <= words.keys())
    # Once, from left to right: braces inside a topic stay what they are.
    return VARIABLE.sub(lambda found: words[found[1]], text.words) if text.names else text.words

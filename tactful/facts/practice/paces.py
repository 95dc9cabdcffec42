"""How fast beliefs about people and content move, in log-odds of success.

Chosen by the log-loss of each attempt given those before it, on training learners of KT-A and KT-C together, one
number at a time; the same for every data set.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Paces:
    """Doubts are variances [log-odds squared]: what is not known yet, before the first attempt."""

    # of everything together, of one piece of content, of one skill, of one set of several skills
    everything: float = 4.0
    content_ease: float = 0.75
    skill_ease: float = 1.2
    # of a person, of a person's skill, and of a person at one piece of content
    person: float = 1.3
    skill: float = 0.95
    content: float = 0.6
    # what is forgotten of certainty with each attempt of the person, and at the skill
    person_drift: float = 0.002
    skill_drift: float = 0.02
    # what remains of a skill's level, and what practice adds to it, with each attempt
    skill_kept: float = 0.92
    skill_gain: float = 0.08
    # Content that needs several skills: how much their set counts, and how much the mean of each alone.
    of_set: float = 0.85
    of_each: float = 0.85
    # Log-odds between content rated 0 (easy) and 1 (hard), until attempts tell.
    rating: float = 3.0


PACES = Paces()

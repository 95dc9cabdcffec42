"""Help before somebody starts: what is said and what may be chosen, by the factor that speaks loudest.

The two actions are those that clients of the predictive interface know; the words are ours.
"""

# Their type and label; the first one takes the help.
REVIEW, CONTINUE = "review_prerequisites", "continue_anyway"
ACTIONS = ((REVIEW, "Review the basics"), (CONTINUE, "Start right away"))

# factor -> what is said
WORDS: dict[str, str] = {
    "prereq_mastery": "This stands on things that do not sit firmly yet. Shall we look at the basics first?",
    "similar_performance": "Things like this were hard going before. A short look at the basics can make it easier.",
    "content_difficulty": "Many find this one hard. Do you want to go over what it builds on before you start?",
    "recency": "It has been a while since you practised what this needs. Shall we freshen it up first?",
    "cognitive_load": "You have been at it for quite some time. A short look back may help more than pushing on.",
    "sentiment": "The last days sounded tiring. Shall we begin with something you know and go on from there?",
}


def help_for(factor: str) -> tuple[str, list[dict[str, str]]]:
    """What to say where `factor` speaks loudest for struggling, and the actions to choose from: type and label.

    >>> [action["type"] for action in help_for("recency")[1]]
    ['review_prerequisites', 'continue_anyway']
    """
    return WORDS[factor], [{"type": kind, "label": label} for kind, label in ACTIONS]

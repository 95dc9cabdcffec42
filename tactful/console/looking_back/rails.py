"""What guard rails and results of the ledger mean, in a few words for operators."""

RAILS = {
    "do_not_disturb": "They asked not to be disturbed",
    "quiet_hours": "It was night by their own clock",
    "daily_maximum": "They had as many today as they allow",
    "outreach_daily": "They were reached outside the product today already",
    "hours_between": "The last message was only a few hours ago",
    "cooldown": "The same kind came too recently",
    "disabled_kinds": "They switched this kind off",
    "disabled_channels": "They switched this channel off",
    "consent": "They did not agree to it",
    "repeat": "One of the kind is open already",
    "holdout": "They are left alone for comparison, by lot",
    "paused": "Somebody paused it",
    "critical_cap": "The cap for urgent care was reached",
    "in_context_daily": "They had as much help in place as a day allows",
    "stopped": "They stopped messages outside the product",
    "ignored": "They left the last ones of the kind unanswered",
    "rollout": "The kind goes to a share of people only so far",
    "dismissed": "They dismissed help with it today",
    "agenda": "The agenda had no room for it",
    "audience": "The audience was too small",
    "live_hourly": "The session had as much as an hour allows",
}
# Each with its tone and what it means.
RESULTS = {
    "acted": ("good", "It was done, or shown at once"),
    "suggested": ("calm", "It was proposed to an organiser"),
    "deferred": ("calm", "It waits for a better moment"),
    "withheld": ("medium", "Guard rails kept back everything that could have been done"),
    "silent": ("plain", "There was no reason to do anything"),
    "control": ("plain", "Left alone by lot, to compare with"),
    "shadow": ("plain", "Decided on record only"),
    "lost": ("plain", "Another decision was quicker"),
}


def meaning(rail: str) -> str:
    """What it says when this guard rail forbids.

    >>> meaning("quiet_hours")
    'It was night by their own clock'
    """
    return RAILS.get(rail, rail.replace("_", " "))

"""The frame a decision is made from: one row for each person, everything known at one instant.

`store` reads it, `predict` adds beliefs to it, `decide` chooses over it. A column that is null
means unknown, never zero.
"""

import polars as pl
from polars._typing import PolarsDataType

INSTANT = pl.Datetime("us", "UTC")

MOMENT: dict[str, PolarsDataType] = {
    "person_id": pl.Int64,
    "organisation_id": pl.Int64,
    "zone": pl.String,
    # the organisation's chance
    "seed": pl.Int64,
    # 0..9999; below the holdout share means never nudged or reached out to
    "holdout_bucket": pl.Int32,
    # purpose "engagement": what the person said, or the default
    "consented": pl.Boolean,
    # they said that nothing is to reach them outside the product
    "outreach_stopped": pl.Boolean,
    # the person's wall clock at the instant
    "local_day": pl.Date,
    "local_minute": pl.Int32,
    # their own days of what they did first, of what they last completed, and of milestone_at
    "first_day": pl.Date,
    "completion_day": pl.Date,
    "milestone_day": pl.Date,
    # what they have done
    "first_seen_at": INSTANT,
    "last_seen_at": INSTANT,
    "last_completion_at": INSTANT,
    "events": pl.Int64,
    "active_days": pl.Int32,
    "current_streak": pl.Int32,
    "longest_streak": pl.Int32,
    "streak_day": pl.Date,
    # which of the seven days up to streak_day they were active on; bit n is for n days before it
    "week_days": pl.Int32,
    "morning_hour": pl.Int32,
    "evening_hour": pl.Int32,
    # what they asked for; minutes of the local day, null for no quiet hours
    "dnd": pl.Boolean,
    "quiet_start": pl.Int32,
    "quiet_end": pl.Int32,
    "max_per_day": pl.Int32,
    # channels outside the product by which they can be found, in order of name; how many messages went there, and how
    # many of those they took up; null where there is no such channel. And the one they would rather have, if they said
    "reach": pl.List(pl.String),
    "reach_sent": pl.List(pl.Int32),
    "reach_answered": pl.List(pl.Int32),
    "preferred_channel": pl.String,
    "disabled_kinds": pl.List(pl.String),
    "disabled_channels": pl.List(pl.String),
    # attention already spent; counters hold for attention_day
    "attention_day": pl.Date,
    "sent_today": pl.Int32,
    "outreach_today": pl.Int32,
    "in_context_today": pl.Int32,
    "critical_today": pl.Int32,
    "last_outreach_at": INSTANT,
    # JSON object: kind -> epoch seconds of the last one; null when there was none
    "last_by_kind": pl.String,
    # the same: how many of a kind were left unanswered, one after the other
    "ignored_by_kind": pl.String,
    # kinds with an intervention that is planned or deferred and not yet shown
    "open_kinds": pl.List(pl.String),
    # pauses and shadow of the organisation; "" in a list stands for the whole organisation
    "paused_kinds": pl.List(pl.String),
    "paused_channels": pl.List(pl.String),
    "shadow_kinds": pl.List(pl.String),
    # the plateau that matters most of those they are on: its number, its topic, days on it, what is suggested in
    # words, and whether they took that up; null where none is known
    "plateau_id": pl.Int64,
    "plateau_topic": pl.String,
    # what the catalogue calls the skill, null where it does not
    "plateau_skill": pl.String,
    "plateau_days": pl.Int32,
    "plateau_suggestion": pl.String,
    "plateau_taken": pl.Boolean,
    # somebody who knows them said that they are not leaving, and it still counts
    "vouched_for": pl.Boolean,
    # by how much they stayed away more often than was believed, and what that is worth (see facts.chain.own)
    "shown_residual": pl.Float64,
    "shown_information": pl.Float64,
    # the most urgent regression they were not reminded of: its number, the skill's name, urgency, mastery lost (0..1)
    # and days since practice; and whether the one that an open reminder is about has not been practised yet
    "regression_id": pl.Int64,
    "fading_skill": pl.String,
    "fading_urgency": pl.String,
    "fading_loss": pl.Float64,
    "fading_days": pl.Int32,
    "fading_open": pl.Boolean,
    # milestones they reached that nobody has told them of yet: how many, the name of the largest, the points of all of
    # them, and when the last was reached; null where there are none
    "milestones": pl.Int32,
    "milestone": pl.String,
    "milestone_points": pl.Int32,
    "milestone_at": INSTANT,
    # the good hours of their own week, a bit for each: a number for each weekday, Monday first; and how sure that is
    # (0..1); null where none are known
    "good_hours": pl.List(pl.Int32),
    "timing_confidence": pl.Float64,
    # how they sound (-1..1) by what they said, as of their last message, and how that moves [a day]; null two weeks
    # after it, when nobody knows any more; how that message sounded (of five steps), when it came, and how much they
    # put into it (0..1)
    "mood": pl.Float64,
    "mood_slope": pl.Float64,
    "last_sentiment": pl.String,
    "last_message_at": INSTANT,
    # seconds since then
    "talked_ago": pl.Float64,
    "last_quality": pl.Float64,
    # what somebody asked to be said to them, of which the time has come: types, in order of name, and what each is
    # worth at its best (0..1); and how many small ones wait; null where nothing does
    "asked_kinds": pl.List(pl.String),
    "asked_values": pl.List(pl.Float64),
    "asked_small": pl.Int32,
    # bookkeeping of the loop: what the ledger, the risk table and the schedule last said
    "ledger_print": pl.Int64,
    "risk_level_before": pl.String,
    "changed_at": INSTANT,
    "was_due": pl.Boolean,
}

# What predict.dropout adds.
BELIEF = {
    # null with level "unknown" when there is nothing to judge by
    "risk_score": pl.Float64,
    "risk_level": pl.String,
    "risk_factors": pl.List(pl.String),
    "risk_confidence": pl.Float64,
}

# What decide answers: one row for each person that was asked about.
DECISION = {
    "person_id": pl.Int64,
    "organisation_id": pl.Int64,
    # candidates, best first (aligned lists; empty when nothing was proposed)
    "kinds": pl.List(pl.String),
    "triggers": pl.List(pl.String),
    "priorities": pl.List(pl.Int32),
    "expected": pl.List(pl.Float64),
    # bit n set: the n-th guard rail (order of guardrails.RAILS) forbids
    "verdicts": pl.List(pl.Int64),
    # acted, deferred, shadow or silent
    "result": pl.String,
    "chosen": pl.String,
    "chosen_trigger": pl.String,
    "chosen_priority": pl.Int32,
    # the way it is to go, if anything was chosen
    "channel": pl.String,
    "initiative": pl.String,
    "critical": pl.Boolean,
    "propensity": pl.Float64,
    "draw": pl.Float64,
    # when the chosen may be shown (later than now when deferred), and until when
    "due_at": INSTANT,
    "expires_at": INSTANT,
    # equal for equal candidates, verdicts and policy; for the ledger's writing rule
    "print": pl.Int64,
    # when this person should be looked at again if no new fact comes
    "next_due_at": INSTANT,
}

"""Settings of the schedule. Cron lines are in UTC."""

from croniter import croniter

from tactful.kernel.settings import Setting

DAY = 24 * 60


def _cron(text: str) -> str | None:
    return None if croniter.is_valid(text) else "is not a cron line like */5 * * * *"


def _cron_or_nothing(text: str) -> str | None:
    return _cron(text) if text else None


def _even(minutes: int) -> str | None:
    fits = 60 % minutes == 0 if minutes < 60 else minutes % 60 == 0 and DAY % minutes == 0
    return None if fits else "does not divide an hour, nor the day by whole hours"


def every(minutes: int, *, first: int = 0) -> str:
    """The cron line for every so many minutes, which divide an hour, or the day by whole hours.

    first: minute of the hour in which it begins.

    >>> every(5), every(30, first=3), every(120), every(1440)
    ('*/5 * * * *', '3-59/30 * * * *', '0 */2 * * *', '0 0 * * *')
    """
    if minutes < 60:
        return f"{f'{first}-59' if first else '*'}/{minutes} * * * *"
    return f"{first} {'0' if minutes == DAY else f'*/{minutes // 60}' if minutes > 60 else '*'} * * *"


def _schedule(name: str, default: str, told: str) -> Setting[str]:
    return Setting(f"worker.{name}_cron", default, told, unit="cron, UTC", check=_cron)


def _interval(name: str, default: int, told: str, *, variable: str) -> Setting[int]:
    return Setting(name, default, told, unit="minutes", low=1, high=DAY, env=(variable,), check=_even)


def _either(name: str, told: str) -> Setting[str]:
    return Setting(f"worker.{name}_cron", "", told, unit="cron, UTC", check=_cron_or_nothing)


# The seed's switches; who needs something else than an interval says it with a cron line.
TICK_MINUTES = _interval(
    "worker.outreach_processing_interval_minutes",
    5,
    "How often a tick looks at everybody whose moment has come.",
    variable="OUTREACH_PROCESSING_INTERVAL_MINUTES",
)
TICK = _either("tick", "When a tick does so, instead of worker.outreach_processing_interval_minutes.")
PATTERN_MINUTES = _interval(
    "worker.pattern_analysis_interval_minutes",
    30,
    "How often it is worked out what has become of everybody who did something: topics, hours, who needs us.",
    variable="PATTERN_ANALYSIS_INTERVAL_MINUTES",
)
PATTERNS = _either("patterns", "When that is done, instead of worker.pattern_analysis_interval_minutes.")
TRAINING_DAY = Setting(
    "worker.model_training_day_of_week",
    1,
    "On which day what people did afterwards is learned from, at 03:15: 0 Sunday, 1 Monday and so on.",
    unit="day of the week, UTC",
    low=0,
    high=6,
    env=("MODEL_TRAINING_DAY_OF_WEEK",),
)
TRAIN = _either("train", "When that is done, instead of worker.model_training_day_of_week.")
# Between two ticks, so that they do not begin together.
RISK = _schedule("risk", "2 1 * * *", "When everybody's risk is worked out afresh.")
# Before everybody's risk, so that what it finds is known to the tick that looks at everybody.
PLATEAUS = _schedule("plateaus", "32 0 * * *", "When everybody is looked at who may be stuck on a skill.")
REGRESSIONS = _schedule("regressions", "42 0 * * *", "When everybody is looked at who may be forgetting a skill.")
# On Sundays, when nobody lives in Saturday any more.
TIMING = _schedule("timing", "52 12 * * 0", "When it is learned anew at which hours everybody is at their best.")
RESET = _schedule("reset", "0 0 * * *", "When counters of days that are over are cleared.")
VISITS = _schedule("visits", "* * * * *", "When visits that fell silent are closed.")
FORGET = _schedule("forget", "30 2 * * *", "When what retention no longer keeps is dropped.")
WEBHOOKS = _schedule("webhooks", "* * * * *", "When webhooks that failed are tried again.")
OUTSIDE = _schedule(
    "outside",
    "* * * * *",
    "When what is due outside the product is looked for; whatever plans it is sent at once, too.",
)
WORDS = _schedule("words", "* * * * *", "When a language model, where one is set, writes ahead for live sessions.")
RECKON = _schedule(
    "reckon", "12 4 * * *", "When days that are over are summed up, and what takes long of many people is worked out."
)
ERRANDS = _schedule(
    "errands", "* * * * *", "When long work that operators asked for is looked for; it is told at once."
)
OPERATORS = _schedule("operator_alerts", "*/15 * * * *", "When it is looked whether operators must be alerted.")
CONCURRENCY = Setting("worker.concurrency", 2, "Jobs one worker process runs at a time.", low=1, high=64)
TRIES = Setting(
    "worker.tries", 20, "How often a job that comes once a day is tried before it counts as failed.", low=1, high=100
)
LONGEST_WAIT = Setting(
    "worker.longest_wait", 300, "Longest wait before a job that failed is tried again.", unit="seconds", low=1
)
LONGEST_PAUSE = Setting(
    "worker.longest_pause", 30.0, "Longest pause before a worker that fell starts again.", unit="seconds", low=1
)

LIVE = Setting("worker.live", True, "Whether a worker listens to live sessions; several share them.")

SETTINGS = (
    TICK_MINUTES, TICK, PATTERN_MINUTES, PATTERNS, TRAINING_DAY, RISK, PLATEAUS, REGRESSIONS, TIMING, RESET,
    VISITS, TRAIN, FORGET, WEBHOOKS, OUTSIDE, WORDS, RECKON, ERRANDS, OPERATORS, CONCURRENCY, TRIES,
    LONGEST_WAIT, LONGEST_PAUSE, LIVE,
)  # fmt: skip

"""Settings of the schedule. Cron lines are in UTC."""

from croniter import croniter

from tactful.kernel.settings import Setting


def _cron(text: str) -> str | None:
    return None if croniter.is_valid(text) else "is not a cron line like */5 * * * *"


def _schedule(name: str, default: str, told: str) -> Setting[str]:
    return Setting(f"worker.{name}_cron", default, told, unit="cron, UTC", check=_cron)


TICK = _schedule("tick", "*/5 * * * *", "When a tick looks at everybody whose moment has come.")
# Between two ticks, so that they do not begin together.
RISK = _schedule("risk", "2 1 * * *", "When everybody's risk is worked out afresh.")
# Before everybody's risk, so that what it finds is known to the tick that looks at everybody.
PLATEAUS = _schedule("plateaus", "32 0 * * *", "When everybody is looked at who may be stuck on a skill.")
REGRESSIONS = _schedule("regressions", "42 0 * * *", "When everybody is looked at who may be forgetting a skill.")
# On Sundays, when nobody lives in Saturday any more.
TIMING = _schedule("timing", "52 12 * * 0", "When it is learned anew at which hours everybody is at their best.")
RESET = _schedule("reset", "0 0 * * *", "When counters of days that are over are cleared.")
VISITS = _schedule("visits", "* * * * *", "When visits that fell silent are closed.")
TRAIN = _schedule("train", "15 3 * * 0", "When what people did afterwards is learned from.")
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
    TICK, RISK, PLATEAUS, REGRESSIONS, TIMING, RESET, VISITS, TRAIN, FORGET, WEBHOOKS, OUTSIDE, WORDS, RECKON,
    ERRANDS, CONCURRENCY, TRIES,
    LONGEST_WAIT, LONGEST_PAUSE, LIVE,
)  # fmt: skip

"""Settings of the schedule. Cron lines are in UTC."""

from tactful.kernel.settings import Setting

TICK = Setting(
    "worker.tick_cron", "*/5 * * * *", "When a tick looks at everybody whose moment has come.", unit="cron, UTC"
)
RISK = Setting("worker.risk_cron", "0 1 * * *", "When everybody's risk is worked out afresh.", unit="cron, UTC")
RESET = Setting("worker.reset_cron", "0 0 * * *", "When counters of days that are over are cleared.", unit="cron, UTC")
VISITS = Setting("worker.visits_cron", "* * * * *", "When visits that fell silent are closed.", unit="cron, UTC")
FORGET = Setting(
    "worker.forget_cron", "30 2 * * *", "When what retention no longer keeps is dropped.", unit="cron, UTC"
)
CONCURRENCY = Setting("worker.concurrency", 2, "Jobs one worker process runs at a time.", low=1, high=64)

SETTINGS = (TICK, RISK, RESET, VISITS, FORGET, CONCURRENCY)

"""Settings of webhooks."""

from tactful.kernel.settings import Setting

TIMEOUT = Setting("webhook.timeout", 10.0, "How long an endpoint may take to answer.", unit="seconds", low=0.1, high=60)
PRIVATE = Setting(
    "webhook.private", False, "Whether endpoints may have private addresses, and plain http; for trying things out."
)
TRIES = Setting("webhook.tries", 15, "How often a message is sent before it is given up.", low=1, high=100)
FIRST_WAIT = Setting(
    "webhook.first_wait",
    30.0,
    "Wait before a message that failed is sent again; doubled each time.",
    unit="seconds",
    low=0.01,
)
LONGEST_WAIT = Setting("webhook.longest_wait", 21_600.0, "Longest of these waits.", unit="seconds", low=1)

SETTINGS = (TIMEOUT, PRIVATE, TRIES, FIRST_WAIT, LONGEST_WAIT)

"""Settings of analytics."""

from tactful.kernel.settings import Setting

LEAST = Setting(
    "analytics.least_delivered",
    20,
    "Deliveries whose answers are in below which no rate is told: it is unknown.",
    unit="deliveries",
    low=1,
)

SETTINGS = (LEAST,)

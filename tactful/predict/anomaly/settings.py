"""Settings of anomalies of live sessions: how sure, how soon and how often they are told."""

from tactful.kernel.settings import Agreement, Setting

WARM_UP = Setting(
    "anomaly.warm_up_seconds", 120, "Time from a live session's start in which no change of level is told.",
    unit="seconds", low=30, high=3_600,
)  # fmt: skip
DROP_SURE = Setting(
    "anomaly.drop_sure", 0.48, "Probability from which a sudden drop is told; lower is sooner, with more false alarms.",
    low=0.05, high=0.99,
)  # fmt: skip
DECLINE_SURE = Setting(
    "anomaly.decline_sure", 0.46, "Probability from which a gradual decline is told.", low=0.05, high=0.99
)
LOW_SURE = Setting("anomaly.low_sure", 0.63, "Probability from which low engagement is told.", low=0.05, high=0.99)
EXIT_SHARE = Setting(
    "anomaly.exit_share", 0.24, "Share of viewers gone within about 80 seconds from which it is a mass exit.",
    low=0.05, high=0.95,
)  # fmt: skip
EXIT_LATE = Setting(
    "anomaly.exit_share_late", 0.6, "The same in the last tenth of the planned time, when people leave anyway.",
    low=0.05, high=1,
)  # fmt: skip
EXIT_OPEN = Setting("anomaly.exit_share_open", 0.4, "The same in sessions whose end is not planned.", low=0.05, high=1)
EXIT_AGAIN = Setting(
    "anomaly.exit_again_seconds", 600, "Time after a mass exit in which no other one is told.", unit="seconds", low=10
)
REST = Setting(
    "anomaly.rest_seconds", 200, "Time after a change of level was over in which no other one is told.",
    unit="seconds", low=0,
)  # fmt: skip
RETURNING = Setting(
    "anomaly.returning_seconds", 120, "Time after a planned break in which nothing is told, for people come back.",
    unit="seconds", low=0,
)  # fmt: skip
MEDIUM = Setting("anomaly.medium_from", 0.4, "Share lost from which an anomaly is medium.", low=0, high=1)
HIGH = Setting("anomaly.high_from", 0.6, "Share lost from which an anomaly is high.", low=0, high=1)
CRITICAL = Setting("anomaly.critical_from", 0.8, "Share lost from which an anomaly is critical.", low=0, high=1)
EXIT_CRITICAL = Setting(
    "anomaly.exit_critical_from", 0.5, "Share of viewers gone from which a mass exit is critical; it is high below.",
    low=0, high=1,
)  # fmt: skip

AGREEMENTS = (
    Agreement(
        (MEDIUM, HIGH, CRITICAL),
        lambda *bounds: None if list(bounds) == sorted(bounds) else f"must rise: {', '.join(f'{b:g}' for b in bounds)}",
    ),
)

SETTINGS = (WARM_UP, DROP_SURE, DECLINE_SURE, LOW_SURE, EXIT_SHARE, EXIT_LATE, EXIT_OPEN, EXIT_AGAIN, REST, RETURNING,
            MEDIUM, HIGH, CRITICAL, EXIT_CRITICAL)  # fmt: skip

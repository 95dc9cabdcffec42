"""Settings of plateaus: from when somebody is stuck, and from when no more."""

from tactful.kernel.settings import Agreement, Setting

DAYS = Setting("plateau.days", 5, "Days on a topic that must have passed before a plateau is told.", unit="days", low=1)
ATTEMPTS = Setting(
    "plateau.attempts", 10, "Scored attempts without progress that a plateau needs.", unit="attempts", low=3, high=1_000
)
RISE = Setting("plateau.rise", 0.05, "Change of mastery (0 to 1) from which somebody makes progress.", low=0.01, high=1)
MASTERED = Setting("plateau.mastered", 0.85, "Mastery (0 to 1) from which a skill is no plateau.", low=0.1, high=1)
NEARLY = Setting(
    "plateau.nearly", 0.1, "Distance to mastery (0 to 1) below which a plateau counts less and less.", low=0.01, high=1
)
FROM = Setting("plateau.from", 0.7, "Score (0 to 1) from which a plateau is told.", low=0, high=1)
UNTIL = Setting("plateau.until", 0.3, "Score (0 to 1) below which a plateau is over.", low=0, high=1)
STEP = Setting("plateau.step", 0.3, "Mastery gained (0 to 1) by which a plateau is over at once.", low=0.01, high=1)
FRESH_DAYS = Setting(
    "plateau.fresh_days", 21, "Days without an attempt after which nobody is said to be stuck.", unit="days", low=1
)
MOVED_ON_DAYS = Setting(
    "plateau.moved_on_days", 7, "Days without an attempt after which who went on to other skills is not stuck on this.",
    unit="days", low=1,
)  # fmt: skip
LEARNED = Setting(
    "plateau.learned", 0.6, "Mastery (0 to 1) from which falling back by plateau.fall is a loss and no plateau.",
    low=0, high=1,
)  # fmt: skip
FALL = Setting("plateau.fall", 0.1, "Mastery lost (0 to 1) from which it is a loss.", low=0.01, high=1)
CONFIDENT_ATTEMPTS = Setting(
    "plateau.confident_attempts", 10.0, "Attempts at which half of the confidence is reached.", unit="attempts", low=0.1
)

AGREEMENTS = (
    Agreement((UNTIL, FROM), lambda until, begins: None if until < begins else f"must rise: {until:g}, {begins:g}"),
)

SETTINGS = (DAYS, ATTEMPTS, RISE, MASTERED, NEARLY, FROM, UNTIL, STEP, FRESH_DAYS, MOVED_ON_DAYS, LEARNED, FALL,
            CONFIDENT_ATTEMPTS)  # fmt: skip

"""Settings of learning."""

from tactful.kernel.settings import Setting

ACROSS = Setting(
    "learn.across_organisations",
    False,
    "Whether what organisations learn starts from what all of them together have learned, and serves those who have "
    "learned nothing of their own. Off: nobody's data teach anything about anybody else's people.",
)
HALF_LIFE_DAYS = Setting(
    "learn.half_life_days",
    60.0,
    "After how long a moment of a live audience counts half in what is believed of each kind of intervention.",
    unit="days",
    low=0.01,
    high=3650,
)

PREDICTING = Setting(
    "learn.ml_prediction_enabled",
    True,
    "Whether beliefs are told by what was learned; off: by the rules that every capability starts from. Learning "
    "itself goes on.",
    env=("ML_PREDICTION_ENABLED",),
)

MIN_SAMPLES = Setting(
    "learn.min_training_samples",
    500,
    "Lessons that learning takes at least before what was learned may serve: labelled texts of mood, and of all else "
    "what the log of one organisation teaches. With fewer the rule that a capability starts from goes on.",
    unit="lessons",
    low=100,
    env=("MIN_TRAINING_SAMPLES",),
)

HARM_MARGIN = Setting(
    "learn.harm_margin",
    0.01,
    "How much less often a variant of a test may be taken up than the control before that is harm: surely more, and "
    "the test stops by itself. Holds for tests that are begun from then on and say nothing else.",
    unit="share",
    low=0,
    high=1,
    own=True,
)
PROMOTE_WINNERS = Setting(
    "learn.promote_winners",
    False,
    "Whether a variant that surely does better is said to everybody by itself, and its test ends; off: a person "
    "decides. Holds for tests that are begun from then on and say nothing else.",
    own=True,
)

SETTINGS = (ACROSS, HALF_LIFE_DAYS, PREDICTING, MIN_SAMPLES, HARM_MARGIN, PROMOTE_WINNERS)

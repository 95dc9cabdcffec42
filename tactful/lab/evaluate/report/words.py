"""What the report says of each task, model and measure."""

from collections.abc import Mapping
from typing import NamedTuple


class Words(NamedTuple):
    """What was asked, of which data, and how it was judged: a sentence or two each."""

    question: str
    data: str
    how: str


TASKS: Mapping[str, Words] = {
    "CH-A": Words(
        "Who of the participants of online courses does not come back?",
        "KDD Cup 2015 (XuetangX): 43,965 enrolments in 23 courses, their days of activity. Licence not stated.",
        "Five folds by course: a course is judged by what other courses taught, and by the newest silence of its own.",
    ),
    "CH-B": Words(
        "Which students will fail or withdraw, asked in week 8?",
        "OULAD (Kuzilek et al. 2017): 18,983 enrolments, sums of clicks and marks up to day 56. CC BY 4.0.",
        "Five folds by student, so that nobody is both learned from and judged.",
    ),
    "CH-D": Words(
        "Which customers buy again within 39 weeks, and how often?",
        "CDNOW, the sample of 2,357 customers (Fader, Hardie and Lee 2005), by way of lifetimes. MIT.",
        "The 39 weeks before are learned from; the 39 weeks after are judged.",
    ),
    "FG-A": Words(
        "Does somebody still know a flash card, half a day later or more?",
        "One person's Anki log: 12,580 answers on 1,205 cards, by way of py-fsrs. MIT.",
        "Six parts by time; each of the last five is judged by what those before it taught.",
    ),
    "FG-B": Words(
        "Is the next word answered rightly?",
        "Spanish vocabulary (Lindsey et al. 2014): 103,561 answers of 37 learners, without times. Licence not stated.",
        "Every fifth learner is judged, by what the others taught.",
    ),
    "AN-A": Words(
        "Is it heard when a live audience turns away, and how it does?",
        "300 sessions of an hour: bursts of real Twitter volumes (NAB, MIT), simulated audiences, 262 events put in.",
        "As they come; right within an event of its kind. The plain formula: half-space trees, z-score over 30 s.",
    ),
    "AN-B": Words(
        "Which values of a series are odd?",
        "Numenta Anomaly Benchmark (Lavin and Ahmad 2015): 58 series, 47 of them real, 365,558 values. MIT.",
        "NAB's own score, 0 to 100: early finds count more; the threshold is fitted on the same series.",
    ),
    "AN-C": Words(
        "Where did a series change?",
        "Turing Change Point Dataset: 26 real series of one dimension, each marked by about five people. MIT.",
        "F1 with a margin of five points, and cover; the mean over series.",
    ),
    "KT-A": Words(
        "Does somebody get the next answer wrong?",
        "ASSISTments 2009 (Feng, Heffernan and Koedinger 2009): 278,336 answers of 3,114 learners. Licence not stated.",
        "The published split by learner; a prediction knows only what the same learner answered before.",
    ),
    "KT-C": Words(
        "Does somebody get the next answer wrong, where times are known?",
        "Algebra 2005 (KDD Cup 2010, PSLC DataShop): 129,998 answers of 114 learners. Licence not stated.",
        "Every fifth learner is judged, by what the others taught.",
    ),
    "TM-A": Words(
        "Does somebody write back, within an hour, within a day?",
        "CollegeMsg (Panzarasa et al. 2009): 59,835 private messages of 1,899 people. Licence not stated.",
        "Messages up to the 70 % quantile of time are learned from, the later ones are judged.",
    ),
    "TM-B": Words(
        "At which hour is somebody there?",
        "Author dates of ten public git histories, 83 people; and the writers of CollegeMsg.",
        "The first 70 % of each one's hours are learned from; the mean over people.",
    ),
    "SE-A": Words(
        "Is a tweet glad, sad or neither?",
        "SemEval 2013 to 2016: 49,570 tweets (Rosenthal et al. 2017). Licence of the tweets not stated.",
        "Five folds by a hash of the tweet's id. The plain formula is VADER.",
    ),
    "SE-B": Words(
        "Which emotions has a comment?",
        "GoEmotions (Demszky et al. 2020): 43,410 comments to learn from, 5,426 to judge by. Apache-2.0.",
        "The model that comes with the engine knows the training part alone; the development part is judged.",
    ),
    "SE-C": Words(
        "How do raters feel about a text?",
        "VADER's own sets (Hutto and Gilbert 2014): 4,200 tweets, 3,708 snippets of reviews, 20 raters each. MIT.",
        "Correlation of the score before any learning with the raters' mean.",
    ),
    "silence": Words(
        "Who fell silent?",
        "Your own past.",
        "Everybody seen before the instant is judged by what was known then.",
    ),
}

# What stands behind the @ of a task.
VARIANTS: Mapping[str, str] = {
    "CH-A@3+": "only those with three or more active days",
    "CH-A@unseen": "only the courses that nothing was chosen on",
    "CH-A@7d": "knowing the first 7 days",
    "CH-A@14d": "knowing the first 14 days",
    "CH-A@21d": "knowing the first 21 days",
    "CH-B@behaviour": "by what they did, without what they are",
    "FG-A@algebra": "22 learners of algebra, by what each answered before and nothing else",
    "KT-A@distinct": "without learners who were learned from under another number",
    "KT-C@before": "asked when the answer before was given",
    "SE-A@val": "the 2,000 tweets of TweetEval's validation part",
    "SE-B@group": "four groups of emotions",
    "SE-B@ekman": "six emotions and neutral",
    "SE-C@tweets": "tweets",
    "SE-C@amazon": "snippets of reviews",
    "TM-A@1h": "within an hour",
    "TM-A@24h": "within a day",
    "TM-B@collegemsg": "writers of private messages",
    "AN-A@untouched": "only the sessions that nothing was chosen on",
    "AN-A@open": "the untouched sessions, with no end planned",
    "AN-A@drop": "the untouched sessions, sudden drops alone",
    "AN-A@decline": "the untouched sessions, gradual declines alone",
    "AN-A@low": "the untouched sessions, low engagement alone",
    "AN-A@exit": "the untouched sessions, mass exits alone",
    "AN-B@others": "every other series, with the threshold of those it was chosen on",
    "AN-C@unseen": "only the series that nothing was chosen on",
}

# Where a figure called published comes from, and how far it may be held against ours.
PUBLISHED: Mapping[str, str] = {
    "CH-A": "boosted trees on the same labels, with other features and other splits",
    "CH-B": "boosted trees, five folds, with other features",
    "CH-D": "the BG/NBD model with its published parameters, on the same customers: comparable",
    "FG-A": "FSRS-6 on 9,999 other people's cards: how sure their answers are differs, so the two cannot be compared",
    "FG-B": "Best-LR on all 182 learners, by another split; 37 of them are here",
    "AN-B": "ARTime, the best of NAB's own scoreboard, on the same series: comparable",
    "AN-C": "binary segmentation as it comes, on all series of one dimension, of which 26 are here",
    "KT-A": "Best-LR on the same split: comparable",
    "KT-C": "DAS3H on the full file, of which this is a part",
}
# Why nothing learned stands among the figures of a task.
UNLEARNED: Mapping[str, str] = {
    "FG-A@algebra": "Nothing learned is judged here: each learner is believed by their own answers and nothing else.",
}

# In the order of the tables.
MODELS: Mapping[str, str] = {
    "tactful": "Tactful",
    "others": "from others alone",
    "cold": "before any learning",
    "seed": "the plain formula",
    "own": "FSRS-6 fitted to the person",
    "baseline": "a simple model",
    "zero": "no change anywhere",
    "published": "published",
}


class Measure(NamedTuple):
    """What a measure is called, and whether less of it is better."""

    name: str
    less: bool = False


MEASURES: Mapping[str, Measure] = {
    "auc": Measure("AUC"),
    "macro_f1": Measure("F1, mean over kinds"),
    "f1": Measure("F1"),
    "cover": Measure("cover"),
    "log_loss": Measure("log-loss", less=True),
    "top6": Measure("hits in six hours"),
    "ap": Measure("average precision"),
    "mae": Measure("mean error", less=True),
    "brier": Measure("Brier", less=True),
    "alarms_per_hour": Measure("alarms an hour", less=True),
    "delay_ticks": Measure("delay in ticks", less=True),
    "standard": Measure("NAB, standard"),
    "reward_low_fp": Measure("NAB, few false alarms"),
    "reward_low_fn": Measure("NAB, few misses"),
    "ece": Measure("calibration error", less=True),
}


def words(task: str) -> Words:
    """Of a task or the one that it is a variant of; empty where none are known."""
    return TASKS.get(base(task), Words("", "", ""))


def measure(metric: str) -> Measure:
    """Of a metric by its name in a row."""
    return MEASURES.get(metric, Measure(metric))


def base(task: str) -> str:
    """The task that a variant belongs to.

    >>> base("CH-A@7d")
    'CH-A'
    """
    return task.partition("@")[0]

"""Mood: how does the writer of this message feel?

question: what do the words of a message say about the mood of who wrote it?
horizon: the moment of writing; nothing is said about before or after it
inputs: the text alone, of any length, in any script
output: sentiment_score -1..1 with the seed's five steps, emotion and its group (null unknown), confidence 0..1, and
    the language
baseline: VADER (Hutto and Gilbert 2014), alone
source: VADER with its lexicon, as the cold start; linear models over words and letters once there are examples
limits: English, and emoji in any language; other texts are neutral with confidence 0, which means unknown. Irony is
    mostly missed, and words about sad things count as sad words. One message is a hint, a row of them is a mood.

Unlike beliefs about people it has no factors: it reads what was said.
"""

from tactful.facts.wordings import Linear, Served
from tactful.predict.mood.analysing import ANALYSED, SENTIMENTS, analyse, felt
from tactful.predict.mood.cold import EMOTIONS as SHIPPED
from tactful.predict.mood.cold import emotions
from tactful.predict.mood.features import FORM, Features
from tactful.predict.mood.labels import EMOTIONS, GROUP, GROUPS, NEGATIVE, SENTIMENT, emotion, kinds, sentiment
from tactful.predict.mood.reading import Reading, reading

__all__ = [
    "ANALYSED",
    "EMOTIONS",
    "FORM",
    "GROUP",
    "GROUPS",
    "NEGATIVE",
    "SENTIMENT",
    "SENTIMENTS",
    "SHIPPED",
    "Features",
    "Linear",
    "Reading",
    "Served",
    "analyse",
    "emotion",
    "emotions",
    "felt",
    "kinds",
    "reading",
    "sentiment",
]  # fmt: skip

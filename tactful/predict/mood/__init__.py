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

from tactful.predict.mood.analysing import ANALYSED, SENTIMENTS, analyse

__all__ = ["ANALYSED", "SENTIMENTS", "analyse"]

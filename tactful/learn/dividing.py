"""How well the changes said of a series agree with what several annotators marked: the measures of TCPD.

Annotators differ. Precision counts a change that any of them marked, recall is the mean over them; cover is too.
Source: van den Burg and Williams 2020, "An evaluation of change point detection algorithms".
"""

from collections.abc import Collection, Sequence

from tactful.facts.divisions import MARGIN, cover, matched

Marked = Sequence[Collection[int]]


def f1(marked: Marked, said: Collection[int], *, margin: int = MARGIN) -> float:
    """Harmonic mean of precision and recall [0..1]; point 0 is a change for everybody.

    marked: the changes of each annotator. margin: how far off still counts [points].

    >>> round(f1([[10], []], []), 3)
    0.857
    """
    mine = {0, *said}
    theirs = [{0, *each} for each in marked]
    precision = matched(set[int]().union(*theirs), mine, margin) / len(mine)
    recall = sum(matched(each, mine, margin) / len(each) for each in theirs) / len(theirs)
    return 2 * precision * recall / (precision + recall)


def covered(marked: Marked, said: Collection[int], size: int) -> float:
    """Mean cover of the annotators' stretches by those of `said` [0..1]. size: points of the series.

    >>> covered([[10], []], [], 20)
    0.75
    """
    return sum(cover(each, said, size) for each in marked) / len(marked)

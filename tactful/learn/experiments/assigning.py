"""Who gets which variant: exact shares, also where one person at a time comes by.

With shares drawn by lot a test of 40 people can come out 27 to 13. Here every variant has its share of the people so
far, less than one person off, whenever one looks. Giving the next person to the variant that is furthest behind would
not do: several can fall behind together, and with shares like 4, 15, 12, 55, 4 and 45 one of them ends a whole person
late. So of those whose turn has begun, what would be late first is served first, and that is always in time.
Source: Baruah, Cohen, Plaxton and Varvel 1996 (proportionate progress); earliest deadline first.
"""

from collections.abc import Sequence

from tactful.kernel.chance import draw

# The question to chance, for people who come in one batch and for variants that are due alike.
ORDER, TIES = 1, 2


def assigned(counts: Sequence[int], parts: Sequence[int], many: int, *, seed: int) -> list[int]:
    """The variants of the next `many` people, in their order, as places in `parts`.

    counts: how many each variant has; parts: their shares, as whole parts of the sum. A batch gets what the same
    people would get one by one: no variant is ever a whole person off its share.

    >>> assigned([0, 0], [3, 1], 8, seed=7).count(1)
    2
    """
    now, given = list(counts), list[int]()
    for _ in range(many):
        variant = _next(now, parts, seed)
        now[variant] += 1
        given.append(variant)
    return given


def shuffled(people: Sequence[int], *, seed: int) -> list[int]:
    """People who come in one batch, in an order of chance that has nothing to do with their numbers."""
    return sorted(set(people), key=lambda person: (draw(seed, person, 0, ORDER), person))


def _next(counts: Sequence[int], parts: Sequence[int], seed: int) -> int:
    total, place = sum(parts), sum(counts) + 1
    # Its turn has begun where it has less than its share once this person is counted.
    due = [each for each, part in enumerate(parts) if counts[each] * total < part * place]
    # The last place at which it must have one more: the least whole number not below (count + 1) / share.
    return min(due, key=lambda each: (-(-(counts[each] + 1) * total // parts[each]), draw(seed, each, place, TIES)))

"""What a language model may cost, and what it did: the same for everything that is asked of it."""

from datetime import timedelta

from tactful.compose.writing.settings import CALLS_PER_DAY, PAUSE_SECONDS, SPEND_PER_DAY
from tactful.deliver.language_model.settings import INPUT_PRICE, OUTPUT_PRICE
from tactful.facts.writing import Answer, Order, Outcome
from tactful.kernel.settings import Settings
from tactful.store.running.writing import Budget

# What the shape of the answer adds to the question, at most; of the rest no token is shorter than a byte [tokens].
SHAPE = 1000
MILLION = 1_000_000


def most(settings: Settings, order: Order, output_tokens: int) -> float:
    """The most that an order can cost, in the currency of the prices. output_tokens: as many are written at most."""
    return cost(settings, SHAPE + len((order.system + order.about).encode()), output_tokens)


def cost(settings: Settings, read: int, written: int) -> float:
    """What so many tokens cost, in the currency of the prices."""
    return float(read * settings[INPUT_PRICE] + written * settings[OUTPUT_PRICE]) / MILLION


def paid(settings: Settings, answer: Answer, claimed: float) -> float:
    """What an answer cost. Where nobody told, and it may have cost something, it counts as the most it can have."""
    if answer.outcome in (Outcome.LATE, Outcome.FAILED) and not answer.input_tokens:
        return claimed
    return cost(settings, answer.input_tokens, answer.output_tokens)


def budget(settings: Settings) -> Budget:
    """What an organisation may spend in a day."""
    pause = timedelta(seconds=settings[PAUSE_SECONDS])
    return Budget(settings[SPEND_PER_DAY], settings[CALLS_PER_DAY], pause)

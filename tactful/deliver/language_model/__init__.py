"""A language model behind the port of `facts.writing`: not a channel, for nobody is reached through it.

speaks: Anthropic's messages, OpenAI's chat completions, and whatever speaks the latter at an address of your own
asks: once, within `llm.seconds`, for one call of one tool whose schema is the shape of a poll or a message
answers: an outcome, always; with tokens and seconds, whatever it was
limits: reads no more than `llm.answer_bytes`, follows no redirects, tries nothing twice
needs: the extra `tactful[llm]`, which is loaded only when a provider is set
"""

from importlib import import_module
from importlib.util import find_spec

from tactful.deliver.language_model.settings import (
    ANTHROPIC,
    ANTHROPIC_KEY,
    API_KEY,
    BASE_URL,
    OFF,
    OPENAI,
    OPENAI_KEY,
    PROVIDER,
)
from tactful.facts.writing import Writer
from tactful.kernel.errors import CannotStart
from tactful.kernel.settings import Settings

__all__ = ["build", "missing", "wanted"]

OWN_KEYS = {ANTHROPIC: ANTHROPIC_KEY, OPENAI: OPENAI_KEY}
# What the extra brings for every provider; beside it the library of Anthropic, or of all that speak as OpenAI does.
LIBRARIES = ("pydantic_ai", "httpx2")


def wanted(settings: Settings) -> bool:
    """Whether a language model is to write at all."""
    return settings[PROVIDER] != OFF


def key(settings: Settings) -> str:
    """The key to send; a provider's own goes to the provider's own address alone."""
    own = OWN_KEYS.get(settings[PROVIDER])
    return settings[API_KEY] or (settings[own] if own is not None and not settings[BASE_URL] else "")


def missing(settings: Settings) -> str:
    """What is missing for the provider that the settings name, and what to do; empty where nothing is. Loads nothing.

    >>> missing(Settings({}))
    ''
    """
    provider = settings[PROVIDER]
    if not wanted(settings):
        return ""
    if provider in OWN_KEYS and not key(settings) and not settings[BASE_URL]:
        variable = f"{provider.upper()}_API_KEY or {API_KEY.variable}"
        return f"llm.provider is {provider}, but there is no key for it: set {variable}."
    libraries = (*LIBRARIES, ANTHROPIC if provider == ANTHROPIC else OPENAI)
    absent = next((name for name in libraries if find_spec(name) is None), None)
    if absent is None:
        return ""
    return f"llm.provider is {provider}, but {absent} is not installed: run pip install 'tactful[llm]'."


def build(settings: Settings) -> Writer:
    """The language model that the settings name. Takes seconds the first time: the libraries are large.

    raises: CannotStart, saying what is missing: the extra, or a key.
    """
    told = missing(settings)
    if told:
        raise CannotStart(f"{told} Templates are used.")
    model = import_module("tactful.deliver.language_model.model")
    writer: Writer = model.LanguageModel(settings, key=key(settings))
    return writer

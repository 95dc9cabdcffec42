"""Settings of the language model that writes for live audiences; the extra `tactful[llm]` has what it needs."""

from urllib.parse import urlsplit

from tactful.kernel.settings import Agreement, Setting

ANTHROPIC, OPENAI, COMPATIBLE = PROVIDERS = ("anthropic", "openai", "compatible")
OFF = "off"


def _address(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        fits = not url or (parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0)
    except ValueError:
        fits = False
    if not fits:
        return "is not an address like https://models.example.org/v1"
    return "must have no user or password in it" if "@" in url else None


def _complete(provider: str, model: str, base_url: str) -> str | None:
    if provider != OFF and not model:
        return f"do not fit: {provider} needs a model"
    return "do not fit: compatible needs a base_url" if provider == COMPATIBLE and not base_url else None


def _priced(provider: str, base_url: str, *prices: float) -> str | None:
    free = provider in (OFF, COMPATIBLE) or base_url != "" or any(prices)
    return None if free else f"do not fit: {provider} costs money, and llm.spend_per_day cannot hold without its prices"


PROVIDER = Setting(
    "llm.provider",
    OFF,
    "Who writes polls and chat prompts for live sessions beside the templates; `compatible` is any address that "
    "speaks OpenAI's chat completions.",
    choices=(OFF, *PROVIDERS),
)
MODEL = Setting("llm.model", "", "The model's name, as its provider calls it.")
BASE_URL = Setting("llm.base_url", "", "Where to ask, up to /v1. Empty: the provider's own address.", check=_address)
API_KEY = Setting(
    "llm.api_key", "", "The provider's key. In the environment alone, never in a file.", secret=True, never_in_file=True
)
# Never sent to a `base_url`: whoever named one has a key for it.
ANTHROPIC_KEY = Setting(
    "llm.anthropic_key",
    "",
    "Anthropic's key where `llm.api_key` and `llm.base_url` are empty. In the environment alone.",
    env=("ANTHROPIC_API_KEY",),
    secret=True,
    never_in_file=True,
)
OPENAI_KEY = Setting(
    "llm.openai_key",
    "",
    "OpenAI's key where `llm.api_key` and `llm.base_url` are empty. In the environment alone.",
    env=("OPENAI_API_KEY",),
    secret=True,
    never_in_file=True,
)
SECONDS = Setting("llm.seconds", 3.0, "How long writing may take in all.", unit="seconds", low=0.1, high=60)
OUTPUT_TOKENS = Setting(
    "llm.output_tokens", 400, "Most that may be written at a time.", unit="tokens", low=50, high=8000
)
ANSWER_BYTES = Setting(
    "llm.answer_bytes", 131_072, "Largest answer that is read.", unit="bytes", low=4096, high=4_194_304
)
INPUT_PRICE = Setting(
    "llm.input_price", 0.0, "Price of what is read, in your currency.", unit="per million tokens", low=0, high=10_000
)
OUTPUT_PRICE = Setting(
    "llm.output_price",
    0.0,
    "Price of what is written, in your currency.",
    unit="per million tokens",
    low=0,
    high=10_000,
)

AGREEMENTS = (
    Agreement((PROVIDER, MODEL, BASE_URL), _complete),
    Agreement((PROVIDER, BASE_URL, INPUT_PRICE, OUTPUT_PRICE), _priced),
)

SETTINGS = (
    PROVIDER, MODEL, BASE_URL, API_KEY, ANTHROPIC_KEY, OPENAI_KEY, SECONDS, OUTPUT_TOKENS, ANSWER_BYTES, INPUT_PRICE,
    OUTPUT_PRICE,
)  # fmt: skip

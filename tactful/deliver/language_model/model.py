"""A language model through pydantic-ai: one tool, called once, whose schema is the shape of what is wanted."""

from time import perf_counter
from typing import Annotated, Literal

from httpx2 import AsyncClient
from pydantic import BaseModel, ConfigDict, Field
from pydantic_ai import Agent, ToolOutput, exceptions
from pydantic_ai.models import Model
from pydantic_ai.settings import ModelSettings
from pydantic_ai.usage import RunUsage

from tactful.deliver.language_model.connection import client
from tactful.deliver.language_model.settings import (
    ANSWER_BYTES,
    ANTHROPIC,
    BASE_URL,
    COMPATIBLE,
    MODEL,
    OPENAI,
    OUTPUT_TOKENS,
    PROVIDER,
    SECONDS,
)
from tactful.facts.polishing import LONGEST_BODY, LONGEST_TITLE, OUTREACH
from tactful.facts.writing import (
    CHAT_PROMPT,
    LONGEST,
    LONGEST_OPTION,
    MOST_OPTIONS,
    POLL,
    SHORTEST,
    Answer,
    Draft,
    Order,
    Outcome,
)
from tactful.kernel.settings import Settings

# Written out, so that no variable of the environment sends keys elsewhere.
ADDRESSES = {ANTHROPIC: "https://api.anthropic.com/v1", OPENAI: "https://api.openai.com/v1"}
# What is sent to an endpoint of one's own that wants no key.
NO_KEY = "none"
LONGEST_ERROR = 200


class Poll(BaseModel):
    """A poll for the audience."""

    model_config = ConfigDict(extra="forbid")
    question: Annotated[str, Field(min_length=SHORTEST, max_length=LONGEST, description="One question, ends with ?")]
    type: Literal["multiple_choice", "rating", "open_ended"]
    options: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=LONGEST_OPTION)]],
        Field(max_length=MOST_OPTIONS, description="2 to 6 for multiple_choice; empty for rating and open_ended"),
    ] = []

    def draft(self) -> Draft:
        """As everybody else knows it."""
        return Draft(self.question, self.type, tuple(self.options))


class Prompt(BaseModel):
    """A message for the chat."""

    model_config = ConfigDict(extra="forbid")
    text: Annotated[str, Field(min_length=SHORTEST, max_length=LONGEST, description="One or two short sentences")]

    def draft(self) -> Draft:
        """As everybody else knows it."""
        return Draft(self.text)


class Words(BaseModel):
    """A message to one person, in better words."""

    model_config = ConfigDict(extra="forbid")
    title: Annotated[str, Field(min_length=1, max_length=LONGEST_TITLE, description="One line")]
    body: Annotated[str, Field(min_length=1, max_length=LONGEST_BODY, description="One line")]

    def draft(self) -> Draft:
        """As everybody else knows it."""
        return Draft(self.body, title=self.title)


# The first that fits says what happened.
OUTCOMES: tuple[tuple[tuple[type[BaseException], ...], Outcome], ...] = (
    ((exceptions.ModelRequestTimeout, exceptions.ModelTimeoutError, TimeoutError), Outcome.LATE),
    ((exceptions.ModelRateLimitError, exceptions.ModelOverloadedError), Outcome.BUSY),
    (
        (exceptions.ModelAuthenticationError, exceptions.ModelNotFoundError, exceptions.ModelQuotaExceededError),
        Outcome.DENIED,
    ),
    ((exceptions.ContentFilterError,), Outcome.REFUSED),
    ((exceptions.UnexpectedModelBehavior,), Outcome.MALFORMED),
)


class LanguageModel:
    """The provider and model that the settings name. key: sent to it, and kept nowhere else."""

    def __init__(self, settings: Settings, *, key: str) -> None:
        self.model, self.output_tokens = settings[MODEL], settings[OUTPUT_TOKENS]
        self._client = client(seconds=settings[SECONDS], most=settings[ANSWER_BYTES])
        self._asked: ModelSettings = {
            "max_tokens": self.output_tokens,
            "request_timeout": settings[SECONDS],
            "max_retries": 0,
            "thinking": False,
        }
        model = (_anthropic if settings[PROVIDER] == ANTHROPIC else _openai)(settings, key or NO_KEY, self._client)
        self._agents: dict[str, Agent[object, Poll] | Agent[object, Prompt] | Agent[object, Words]] = {
            POLL: Agent(model, output_type=ToolOutput(Poll, name="poll"), retries=0),
            CHAT_PROMPT: Agent(model, output_type=ToolOutput(Prompt, name="message"), retries=0),
            OUTREACH: Agent(model, output_type=ToolOutput(Words, name="words"), retries=0),
        }

    async def write(self, order: Order) -> Answer:
        """Write once. What goes wrong is an outcome, with the tokens that it cost all the same."""
        used, began = RunUsage(), perf_counter()
        draft, error, outcome = None, "", Outcome.WRITTEN
        try:
            agent = self._agents[order.purpose]
            done = await agent.run(order.about, instructions=order.system, model_settings=self._asked, usage=used)
            draft = done.output.draft()
        except Exception as raised:
            outcome, error = _outcome(raised), _told(raised)
        return Answer(outcome, draft, used.input_tokens, used.output_tokens, perf_counter() - began, error)

    async def close(self) -> None:
        """Close its connections."""
        await self._client.aclose()


def _anthropic(settings: Settings, key: str, asking: AsyncClient) -> Model:
    from pydantic_ai.models.anthropic import AnthropicModel
    from pydantic_ai.providers.anthropic import AnthropicProvider

    # This library adds the version itself.
    url = (settings[BASE_URL] or ADDRESSES[ANTHROPIC]).rstrip("/").removesuffix("/v1")
    return AnthropicModel(settings[MODEL], provider=AnthropicProvider(api_key=key, base_url=url, http_client=asking))


def _openai(settings: Settings, key: str, asking: AsyncClient) -> Model:
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider
    from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider

    if settings[PROVIDER] == COMPATIBLE:
        to = OpenAICompatibleProvider(COMPATIBLE, base_url=settings[BASE_URL], api_key=key, http_client=asking)
        return OpenAIChatModel(settings[MODEL], provider=to)
    url = settings[BASE_URL] or ADDRESSES[OPENAI]
    return OpenAIChatModel(settings[MODEL], provider=OpenAIProvider(base_url=url, api_key=key, http_client=asking))


def _outcome(raised: Exception) -> Outcome:
    return next((outcome for kinds, outcome in OUTCOMES if isinstance(raised, kinds)), Outcome.FAILED)


def _told(raised: Exception) -> str:
    """What happened, without what the provider said: that may repeat keys, or what the audience wrote."""
    status = getattr(raised, "status_code", None)
    return f"{type(raised).__name__}{f' ({status})' if status else ''}"[:LONGEST_ERROR]

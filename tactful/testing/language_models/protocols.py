"""What the two protocols look like: requests as they come, answers as they go, and what can be wrong with them."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

ANTHROPIC = "/v1/messages"
# Characters that a token has, as this provider counts them.
TOKEN = 4
CHATTER = "Here is a nice poll for you!"


class Fault(StrEnum):
    """What can go wrong; a number is the HTTP status, where that is all.

    MOVED: a redirect. SLOW: no answer until the server closes. DRIP: a byte now and then. GARBLED: half of a JSON
    document. WRONG: another shape than was asked for. TALK: words instead of a call of the tool. REFUSAL: it would
    rather not. HUGE: an answer of 200 MB. PACKED: one that says it is compressed. CUT: it hangs up half-way.
    """

    DENIED = "401"
    UNKNOWN = "404"
    BUSY = "429"
    BROKEN = "500"
    OVERLOADED = "529"
    MOVED = "307"
    SLOW = "slow"
    DRIP = "drip"
    GARBLED = "garbled"
    WRONG = "wrong"
    TALK = "talk"
    REFUSAL = "refusal"
    HUGE = "huge"
    PACKED = "packed"
    CUT = "cut"

    @property
    def status(self) -> int:
        """The HTTP status that it comes with."""
        return int(self) if self.isdigit() else 200


@dataclass(frozen=True, slots=True)
class Heard:
    """One request as it came: headers by their lower-case names."""

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]

    @property
    def key(self) -> str:
        """The key it was sent with."""
        return self.headers.get("x-api-key") or self.headers.get("authorization", "").removeprefix("Bearer ")

    @property
    def system(self) -> str:
        """How the model is told to behave."""
        if self.path == ANTHROPIC:
            return _plain(self.body.get("system", ""))
        return "\n".join(_plain(each["content"]) for each in self.body["messages"] if each["role"] != "user")

    @property
    def about(self) -> str:
        """What it is told beside that."""
        return "\n".join(_plain(each["content"]) for each in self.body["messages"] if each["role"] == "user")

    @property
    def tool(self) -> str:
        """The tool that it is to call."""
        (tool,) = self.body["tools"]
        return str(tool["name"] if self.path == ANTHROPIC else tool["function"]["name"])


Say = Callable[[Heard], dict[str, Any]]


def sensible(heard: Heard) -> dict[str, Any]:
    """A poll, or a message for the chat, that is always the same; the words of a message, hardly changed."""
    if heard.tool == "words":
        told = json.loads(heard.about)
        return {"title": told["title"], "body": f"Just so you know: {told['body']}"}
    if heard.tool == "poll":
        return {
            "question": "Which part should be shown again?",
            "type": "multiple_choice",
            "options": ["First", "Last"],
        }
    return {"text": "Which part would you like to see again?"}


def reply(heard: Heard, say: Say, fault: Fault | None) -> bytes:
    """The body of an answer in the protocol of the question."""
    said = {"surprise": 1} if fault is Fault.WRONG else say(heard)
    usage = len(heard.system + heard.about) // TOKEN, len(json.dumps(said)) // TOKEN
    speak = _anthropic if heard.path == ANTHROPIC else _openai
    return json.dumps({"model": heard.body["model"], **speak(heard.tool, said, fault, usage)}).encode()


def _plain(content: Any) -> str:
    return content if isinstance(content, str) else "\n".join(part.get("text", "") for part in content)


def _openai(tool: str, said: dict[str, Any], fault: Fault | None, usage: tuple[int, int]) -> dict[str, Any]:
    read, written = usage
    called = {"name": tool, "arguments": json.dumps(said)}
    calls = [{"id": "call_1", "type": "function", "function": called}]
    message: dict[str, Any] = {"role": "assistant", "content": None}
    if fault is Fault.TALK:
        message["content"] = CHATTER
    elif fault is Fault.REFUSAL:
        message["refusal"] = "I would rather not."
    else:
        message["tool_calls"] = calls
    finish = "tool_calls" if "tool_calls" in message else "stop"
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_770_000_000,
        "choices": [{"index": 0, "message": message, "finish_reason": finish, "logprobs": None}],
        "usage": {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written},
    }


def _anthropic(tool: str, said: dict[str, Any], fault: Fault | None, usage: tuple[int, int]) -> dict[str, Any]:
    content: list[dict[str, Any]] = [{"type": "tool_use", "id": "toolu_1", "name": tool, "input": said}]
    stop = "tool_use"
    if fault is Fault.TALK:
        content, stop = [{"type": "text", "text": CHATTER}], "end_turn"
    elif fault is Fault.REFUSAL:
        content, stop = [], "refusal"
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "content": content,
        "stop_reason": stop,
        "stop_sequence": None,
        "usage": {"input_tokens": usage[0], "output_tokens": usage[1]},
    }

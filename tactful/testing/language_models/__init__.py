"""A provider of language models on the loopback address, for tests of your own and ours.

It speaks OpenAI's chat completions (`/v1/chat/completions`) and Anthropic's messages (`/v1/messages`), answers the same
question the same way, and can have every fault that providers have.
"""

from tactful.testing.language_models.protocols import Fault, Heard, sensible
from tactful.testing.language_models.server import Provider

__all__ = ["Fault", "Heard", "Provider", "sensible"]

"""What a language model is told, what it may say, and how that becomes the contents of an intervention. Pure."""

from tactful.compose.writing.contents import contents
from tactful.compose.writing.prompt import Room, order
from tactful.compose.writing.rules import Limits, unfit

__all__ = ["Limits", "Room", "contents", "order", "unfit"]

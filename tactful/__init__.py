"""Tactful: a self-hosted engine for proactive engagement.

`tactful.Engine` is the engine in process; `tactful.router(engine)` gives its HTTP addresses to a
FastAPI application of your own. Both are loaded when first asked for, so that naming the package
costs nothing.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_PUBLIC = {"Engine": "tactful.bootstrap", "router": "tactful.api.app"}


def __getattr__(name: str) -> Any:
    if name in _PUBLIC:
        return getattr(import_module(_PUBLIC[name]), name)
    raise AttributeError(f"tactful has no {name}")

"""Structured logs: one JSON object a line, on standard error, with the request's id."""

import logging
import sys

import structlog
from structlog.typing import Processor

from tactful.api import traces

SHARED: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)
# Libraries that tell every step they take: several lines a minute where nothing happens.
CHATTY = ("alembic", "procrastinate")


def configure(level: str) -> None:
    """Send our log lines and those of every library the same way. level: least severe that is written."""
    least = getattr(logging, level.upper())
    finish: tuple[Processor, ...] = (
        structlog.processors.ExceptionRenderer(traces.of_log),
        structlog.processors.JSONRenderer(default=str),
    )
    structlog.configure(
        processors=[*SHARED, *finish],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    last: tuple[Processor, ...] = (structlog.stdlib.ProcessorFormatter.remove_processors_meta, *finish)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=SHARED, processors=last))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(max(least, logging.INFO))
    for name in CHATTY:
        logging.getLogger(name).setLevel(max(least, logging.WARNING) if least > logging.DEBUG else logging.INFO)

"""Tactful: a self-hosted engine for proactive engagement."""

__version__ = "0.1.0"

"""Tactful: a self-hosted engine for proactive engagement."""

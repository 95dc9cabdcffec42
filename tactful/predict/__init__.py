"""Beliefs about people, one folder for each question."""

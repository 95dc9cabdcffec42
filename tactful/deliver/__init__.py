"""Reaching people, a folder for each channel."""

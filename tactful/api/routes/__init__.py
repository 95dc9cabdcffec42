"""Addresses, one module for each subject."""

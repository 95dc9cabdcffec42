"""Evaluate, bench, simulate, replay, import: work on data rather than on people."""

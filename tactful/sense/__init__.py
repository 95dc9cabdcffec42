"""Facts in: people, events, presence; checked, normalised, grouped for commit."""

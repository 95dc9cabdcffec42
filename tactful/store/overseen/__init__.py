"""People as those see them who look after them: page by page, and one by one. Row security knows whose they are."""

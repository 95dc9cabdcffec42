"""Our own wordings, several for each kind."""

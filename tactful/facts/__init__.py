"""Column names and schemas that verbs share."""

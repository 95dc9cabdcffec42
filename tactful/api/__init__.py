"""HTTP: wire schemas, tokens, rate limits, routes."""

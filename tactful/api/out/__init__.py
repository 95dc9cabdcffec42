"""The page behind the way out that stands in every message: one tap stops, another one allows again. No scripts."""

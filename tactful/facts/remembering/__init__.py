"""How what is kept of answers (facts.memories) moves on: one pure definition for counting, serving and evaluation."""

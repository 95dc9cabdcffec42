"""What to say: rendering only."""

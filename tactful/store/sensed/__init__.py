"""What people do, counted: events, beats, imports, and the state that features read."""

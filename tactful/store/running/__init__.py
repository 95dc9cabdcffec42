"""What keeps the engine going: the queue, clearing up, figures, limits, the audit log."""

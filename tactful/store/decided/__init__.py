"""What a turn reads and writes: moments and features, attention, the ledger, interventions, ticks."""

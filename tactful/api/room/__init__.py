"""Live rooms over long connections: one hub in each process, WebSocket and event streams for its clients."""

"""What Prometheus may ask: requests, their time, limits counted alone, and how the engine is."""

from datetime import datetime
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
# Figures of `Engine.status` that are shown as gauges.
FIGURES = {
    "deliveries_due": "Deliveries waiting to be handed over.",
    "deliveries_doubtful": "Deliveries that were refused or whose fate is unknown.",
    "jobs_waiting": "Jobs in the queue.",
    "jobs_running": "Jobs at work.",
    "jobs_failed": "Jobs that failed for good.",
    "workers": "Workers heard of lately.",
    "database_bytes": "Size of the database in bytes.",
}


class Metrics:
    """The measures of one application, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = self._new(Counter, "tactful_requests", "Requests answered.", ("route", "method", "status"))
        self.seconds = self._new(
            Histogram, "tactful_request_seconds", "Time to answer a request.", ("route",), buckets=SECONDS
        )
        self.alone = self._new(Counter, "tactful_limits_alone", "Rate limits counted without Valkey.")
        self.last_tick = self._new(Gauge, "tactful_last_tick_seconds", "When the last tick finished, epoch seconds.")
        self.figures = {name: self._new(Gauge, f"tactful_{name}", told) for name, told in FIGURES.items()}

    def _new(self, kind: Any, name: str, told: str, labels: tuple[str, ...] = (), **more: Any) -> Any:
        return kind(name, told, labels, registry=self.registry, **more)

    def answered(self, *, route: str, method: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        self.requests.labels(route, method, str(status)).inc()
        self.seconds.labels(route).observe(seconds)

    def text(self, status: dict[str, Any]) -> bytes:
        """Everything in Prometheus' text format. status: of `Engine.status`."""
        for name, gauge in self.figures.items():
            gauge.set(status.get(name) or 0)
        finished = (status.get("last_tick") or {}).get("finished_at")
        if isinstance(finished, datetime):
            self.last_tick.set(finished.timestamp())
        return generate_latest(self.registry)

"""Endpoints that an organisation's alerts are posted to."""

from tactful.api.schemas.wire import Instant, Short, Text, Told, Wire, example


class WebhookIn(Wire):
    """An endpoint. url: https, and not inside a private network."""

    model_config = example(url="https://school.example/hooks/tactful", note="our chat")
    url: Text
    note: Short = ""


class WebhookOut(Told):
    """An endpoint as known now. disabled_because: it refused for good, and gets nothing any more.

    failures: in a row; resting_until: left alone until then. waiting: posts to come; given_up: failed too often.
    """

    id: int
    url: str
    note: str
    created_by: str
    created_at: Instant
    disabled_at: Instant | None
    disabled_because: str | None
    failures: int
    resting_until: Instant | None
    last_sent_at: Instant | None
    waiting: int
    given_up: int


class NewWebhookOut(WebhookOut):
    """A fresh endpoint with the secret its posts are signed with. Keep it; it is not shown again."""

    secret: str


class WebhooksOut(Told):
    """Every endpoint of the organisation, oldest first."""

    webhooks: list[WebhookOut]


class RemovedOut(Told):
    """An endpoint that is no more."""

    id: int
    url: str
    removed: bool


class TestedOut(Told):
    """What an endpoint made of a message that tried it out."""

    # Not one of pytest's.
    __test__ = False

    id: int
    url: str
    taken: bool
    told: str

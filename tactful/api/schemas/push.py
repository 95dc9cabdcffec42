"""What pages are told of web push."""

from tactful.api.schemas.wire import Told


class PushKeyOut(Told):
    """key: what browsers subscribe with, in base64 for addresses."""

    key: str

"""Settings of all capabilities, each declared in its own folder."""

from tactful.predict.dropout import settings as dropout

SETTINGS = (*dropout.SETTINGS,)

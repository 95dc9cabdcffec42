"""The languages that we write to single people in."""

LANGUAGES = ("en", "de")


def spoken(locale: str | None) -> str:
    """The language of LANGUAGES to write in.

    >>> spoken("de-AT"), spoken("pt"), spoken(None)
    ('de', 'en', 'en')
    """
    language = (locale or "").replace("_", "-").split("-")[0].lower()
    return language if language in LANGUAGES else LANGUAGES[0]

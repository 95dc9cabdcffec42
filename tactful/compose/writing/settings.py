"""Settings of what a language model is told, what it may say, how often it is asked and what it may cost."""

from tactful.facts.polishing import POLISH, TONE
from tactful.kernel.settings import Setting


def _words(value: str) -> str | None:
    return "has an empty entry" if value and not all(each.strip() for each in value.split(",")) else None


# What nobody should be asked in a room, and what nobody should read there.
BLOCKED = (
    "password, passwort, passcode, pin code, credit card, kreditkarte, iban, cvv, social security, home address, "
    "phone number, telefonnummer, handynummer, fuck, shit, scheiße, arschloch, nazi, porn, porno"
)

CHAT_LINES = Setting(
    "llm.chat_lines",
    8,
    "Newest lines of a session's chat, without names, that the provider is told; 0 keeps all of it here.",
    low=0,
    high=50,
)
CHAT_MINUTES = Setting("llm.chat_minutes", 5.0, "How old these lines may be.", unit="minutes", low=0.5, high=120)
COPIED_WORDS = Setting(
    "llm.copied_words",
    4,
    "Longest run of words that may be taken over from the audience.",
    unit="words",
    low=1,
    high=50,
)
BLOCKLIST = Setting(
    "llm.blocklist",
    BLOCKED,
    "What is written is not used with any of these in it: beginnings of words and phrases, with commas between.",
    check=_words,
)
KEEP_MINUTES = Setting(
    "llm.keep_minutes", 10.0, "How long what was written waits to be used.", unit="minutes", low=1, high=240
)
PAUSE_SECONDS = Setting(
    "llm.pause_seconds", 120.0, "Least time between two requests for the same kind of words in one session.",
    unit="seconds", low=1, high=86_400,
)  # fmt: skip
AT_ONCE = Setting("llm.at_once", 4, "Requests that one worker makes at the same time.", low=1, high=100)
SPEND_PER_DAY = Setting(
    "llm.spend_per_day",
    1.0,
    "Most that may be spent on one organisation in one day (UTC), in the currency of the prices.",
    low=0,
)
CALLS_PER_DAY = Setting(
    "llm.calls_per_day", 1000, "Most requests for one organisation in one day (UTC), whatever they cost.", low=0
)
POLISH_HOURS = Setting(
    "llm.polish_hours", 24.0, "How long before it is due outreach is worded more finely.", unit="hours", low=0, high=168
)
POLISH_DAYS = Setting(
    "llm.polish_days", 30.0, "How long what was worded more finely is said before it is written anew.", unit="days",
    low=0.1, high=365,
)  # fmt: skip

SETTINGS = (CHAT_LINES, CHAT_MINUTES, COPIED_WORDS, BLOCKLIST, KEEP_MINUTES, PAUSE_SECONDS, AT_ONCE, SPEND_PER_DAY,
            CALLS_PER_DAY, POLISH, TONE, POLISH_HOURS, POLISH_DAYS)  # fmt: skip

"""A message as words: one spelling of what is the same, marks for what is denied, shouted or drawn out."""

import re

# Words after which what follows is denied, and how far that reaches where no mark of punctuation ends it.
DENIALS = frozenset(
    re.split(
        " ",
        "not no never none nobody nothing neither nor cannot without hardly barely rarely seldom aint cant dont doesnt "
        "didnt isnt wasnt arent werent wont wouldnt couldnt shouldnt hasnt havent hadnt",
    )
)
REACH = 4
# Letters of a message that are read at most; what somebody feels they say before that.
MOST_LETTERS = 10_000

_UNSEEN = re.compile("[\u200b-\u200f\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\u2066-\u2069\u202a-\u202e]")
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_NAMED = re.compile(r"(?<!\w)@\w+")
_TAG = re.compile(r"#(\w+)")
_JOINED = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=\D)(?=\d)|_+")
_TOKEN = re.compile(
    r"[<>]?[:;=8xX][\-o*']?[)\](\[dDpP/\\|}{@*3]+(?!\w)|<3+|[^\W_]+(?:['\-][^\W_]+)*|[!?]+|\.{2,}|[.,;:]|[^\w\s]"
)
_DRAWN = re.compile(r"(\w)\1{2,}")
_ENDS = re.compile(r"[.,;:!?]+$|^but$")


def spelled(text: str) -> str:
    """`text` with links and names of people made alike, tags as words, and straight marks."""
    text = _UNSEEN.sub("", text[:MOST_LETTERS]).replace("’", "'").replace("‘", "'")
    text = _NAMED.sub("@user", _LINK.sub(" %link ", text))
    return _TAG.sub(lambda found: f" # {_JOINED.sub(' ', found[1])} ", text)


def words(text: str) -> list[str]:
    """The words of `text`, with marks: `not_` before what is denied, `%caps`, `%drawn` and `%!!` for emphasis.

    >>> words("I'm NOT happy!! Sooo bad, though 🙁")
    ["i'm", 'not', '%caps', 'not_happy', '!', '%!!', 'soo', '%drawn', 'bad', ',', 'though', '🙁']
    """
    told: list[str] = []
    denied = 0
    for token in _TOKEN.findall(spelled(text)):
        word, marks = _marked(token)
        denied = 0 if _ENDS.match(word) else denied
        told.append(f"not_{word}" if denied and word[0].isalpha() else word)
        told.extend(marks)
        denied = REACH if word.replace("'", "") in DENIALS or word.endswith("n't") else max(denied - 1, 0)
    return told


def _marked(token: str) -> tuple[str, list[str]]:
    if token[0] in "!?":
        kind = "!" if "?" not in token else "?" if "!" not in token else "?!"
        return kind, [f"%{kind}{kind}"] if len(token) > 1 else []
    word = token.lower()
    drawn = _DRAWN.sub(r"\1\1", word)
    marks = ["%drawn"] if drawn != word else []
    return drawn, [*marks, "%caps"] if len(token) > 2 and token.isupper() else marks

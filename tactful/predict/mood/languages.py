"""A guess at the language of a text, from its script, its letters and the commonest words.

Our own, for a library with a model of a hundred languages is larger than the rest of the capability, and is no surer
about five words. What cannot be told is "und", as BCP 47 says it.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping

UNKNOWN = "und"

# Letters looked at; a language does not change its script in the middle of a message often enough to read all of it.
LETTERS = 400

# First words of the names of letters in Unicode, which are their scripts, where a script is one language's (mostly).
SCRIPTS: Mapping[str, str] = {
    "HANGUL": "ko", "HIRAGANA": "ja", "KATAKANA": "ja", "CJK": "zh", "HEBREW": "he", "GREEK": "el", "THAI": "th",
    "LAO": "lo", "KHMER": "km", "MYANMAR": "my", "GEORGIAN": "ka", "ARMENIAN": "hy", "ETHIOPIC": "am", "TIBETAN": "bo",
    "SINHALA": "si", "BENGALI": "bn", "GURMUKHI": "pa", "GUJARATI": "gu", "TAMIL": "ta", "TELUGU": "te",
    "KANNADA": "kn", "MALAYALAM": "ml", "ORIYA": "or", "DEVANAGARI": "hi",
}  # fmt: skip

# Letters that only one language of a script writes, and what it is most likely without them.
ARABIC = (("ur", "ٹڈڑےں"), ("fa", "پچژگ"), ("ar", "ةىأإ"))
CYRILLIC = (("uk", "іїєґ"), ("be", "ў"), ("sr", "ђћџљњј"), ("ru", "ыэё"))

# The commonest words that few other languages have; one alone is not enough where two languages share it.
COMMON: Mapping[str, frozenset[str]] = {
    name: frozenset(words.split())
    for name, words in {
        "en": "the and is are was were you your my it's i'm i this that of to with for not what have has do don't it "
        "be just but so we our they he she can can't will would how why when there really very thanks please good",
        "de": "der das und ist nicht ich du wir sie ein eine einen mit für auf den dem zu auch sehr mir mich dich habe "
        "bin sind aber wie was noch nur schon kein keine danke heute gut es war",
        "fr": "le les des est et je tu il elle nous vous pas ne que qui dans pour avec sur une ce c'est j'ai suis mais "
        "très merci bien mon ma mes au aux c'était trop",
        "es": "el los las que y es no de en un una por con para muy pero como estoy está eres mi me te lo gracias bien "
        "hoy más qué yo esto fue soy",
        "it": "il lo gli che di è non sono per con una un questo molto ma come grazie bene mi ti ci della anche oggi "
        "più ho hai sei era",
        "pt": "o os as que não é de em um uma para com muito mas como estou está obrigado obrigada bem meu minha eu "
        "você hoje mais isso foi",
        "nl": "de het een en is niet ik je jij wij zijn van voor met op dat deze maar ook heel erg bedankt goed mijn "
        "wat nog geen heb",
        "sv": "och är det inte jag du att som på för med en ett har men mycket tack bra idag mig vad",
        "da": "og er det ikke jeg du at som på for med en et har men meget tak godt mig hvad",
        "pl": "i jest nie to się na że w z do jak ale bardzo dziękuję dobrze mnie mam co tak już jestem",
        "cs": "a je to se na že v s jak ale velmi děkuji dobře mě mám co tak už jsem není",
        "tr": "ve bir bu çok için ben sen değil ama nasıl teşekkürler iyi bugün ne var yok mı mi",
        "ro": "și este nu un o în cu la pe că dar foarte mulțumesc bine am sunt mai ce",
        "fi": "ja on ei se että en olen mutta kiitos hyvä tämä minä sinä niin mitä nyt",
        "id": "yang dan di ini itu tidak saya kamu aku untuk dengan ada tapi sangat terima kasih baik apa",
        "vi": "và là không tôi bạn của có một cho rất nhưng cảm ơn này được gì",
    }.items()
}

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def language(text: str, english: int = 0) -> str:
    """The likeliest language of `text`, as a BCP 47 primary tag; "und" where it cannot be told.

    english: words of it that are known to be English otherwise. It errs on single words and on near relatives.

    >>> language("Ich bin heute sehr müde"), language("Спасибо, всё хорошо"), language("🙂 42")
    ('de', 'ru', 'und')
    """
    scripts = Counter(map(_script, [each for each in text if each.isalpha()][:LETTERS]))
    if not scripts:
        return UNKNOWN
    if "HIRAGANA" in scripts or "KATAKANA" in scripts:
        return "ja"
    script = scripts.most_common(1)[0][0]
    if script in ("ARABIC", "CYRILLIC"):
        return _by_letters(text, ARABIC if script == "ARABIC" else CYRILLIC)
    return _by_words(text, english) if script == "LATIN" else SCRIPTS.get(script, UNKNOWN)


def _script(letter: str) -> str:
    return unicodedata.name(letter, UNKNOWN).partition(" ")[0]


def _by_letters(text: str, languages: tuple[tuple[str, str], ...]) -> str:
    """The last one is as likely as any without a letter of its own, but is not told."""
    return next((name for name, letters in languages if any(each in text for each in letters)), UNKNOWN)


def _by_words(text: str, english: int) -> str:
    words = Counter(each.lower().replace("’", "'") for each in _WORD.findall(text[: LETTERS * 6]))
    hits = {name: sum(words[each] for each in common & words.keys()) for name, common in COMMON.items()}
    hits["en"] += english
    (first, most), (_, second) = sorted(hits.items(), key=lambda item: -item[1])[:2]
    return first if most > second else UNKNOWN

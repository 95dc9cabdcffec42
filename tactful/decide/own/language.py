"""Conditions over facts, as people write them: `days_quiet >= 7 and not (mood >= 0.3 or mood is unknown)`.

A small language of its own, read by a parser of its own: nothing that is written there is ever carried out. A name is
a fact, everything else is a value of it or one of and, or, not, in, is, known, unknown. What is not known makes a
comparison neither true nor false, and a condition that is not true is no reason.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from tactful.decide.own.facts import CHOICE, CLOCK, FACTS, NUMBER, TEXT, UNITS, YES_NO, Fact
from tactful.kernel.errors import BadInput

# Letters of a condition, comparisons in it, and brackets within brackets.
LONGEST, MOST, DEEPEST = 1_000, 40, 20
TOKEN = re.compile(
    r"""(?P<clock>\d{1,2}:\d\d)(?!\d) | (?P<number>-?\d{1,9}(?:\.\d{1,9})?) | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<text>"[^"]*"|'[^']*') | (?P<sign><=|>=|==|!=|[<>=(),%])""",
    re.VERBOSE,
)
SIGNS = {"<": "<", "<=": "<=", ">": ">", ">=": ">=", "=": "==", "==": "==", "!=": "!="}
KEYWORDS = {"and", "or", "not", "in", "is", "known", "unknown", "yes", "no", "true", "false"}
Value = float | str


@dataclass(frozen=True, slots=True)
class Compared:
    """fact OP value, where OP is one of < <= > >= == !=. value: in the fact's own unit; minutes for a clock."""

    fact: Fact
    sign: str
    value: Value


@dataclass(frozen=True, slots=True)
class Among:
    """The fact is one of these."""

    fact: Fact
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """The fact is known, whatever it is."""

    fact: Fact


@dataclass(frozen=True, slots=True)
class Yes:
    """A fact that is yes or no is yes."""

    fact: Fact


@dataclass(frozen=True, slots=True)
class Not:
    """It is not so; unknown stays unknown."""

    part: "Said"


@dataclass(frozen=True, slots=True)
class Every:
    """All of them are so."""

    parts: "tuple[Said, ...]"


@dataclass(frozen=True, slots=True)
class Some:
    """One of them at least is so."""

    parts: "tuple[Said, ...]"


Leaf = Compared | Among | Known | Yes
Said = Leaf | Not | Every | Some


def parsed(text: str) -> Said:
    """What a condition says. raises: BadInput saying what is wrong and where.

    >>> parsed("streak > 3 days").value
    3.0
    """
    if len(text) > LONGEST:
        raise BadInput(f"the condition has more than {LONGEST} letters")
    return _Parser(_tokens(text)).whole()


def leaves(said: Said) -> list[Leaf]:
    """Every question a condition asks of a fact, in order."""
    if isinstance(said, Every | Some):
        return [each for part in said.parts for each in leaves(part)]
    return leaves(said.part) if isinstance(said, Not) else [said]


def facts_of(said: Said) -> list[Fact]:
    """The facts a condition asks about, each once, in order."""
    return list(dict.fromkeys(each.fact for each in leaves(said)))


@dataclass(frozen=True, slots=True)
class _Token:
    sort: str
    text: str
    at: int


def _tokens(text: str) -> list[_Token]:
    found, place = list[_Token](), 0
    while rest := text[place:].lstrip():
        place = len(text) - len(rest)
        match = TOKEN.match(text, place)
        if match is None or match.lastgroup is None:
            raise BadInput(f"{text[place]!r} at letter {place + 1} is nothing that a condition can have")
        found.append(_Token(match.lastgroup, match.group(), place + 1))
        place = match.end()
    return [*found, _Token("end", "", len(text) + 1)]


class _Parser:
    """or binds less than and, and less than not."""

    def __init__(self, tokens: Sequence[_Token]) -> None:
        self._tokens, self._place, self._asked, self._depth = tokens, 0, 0, 0

    def whole(self) -> Said:
        """All of it."""
        said = self._some()
        if self._next.sort != "end":
            raise self._wrong("and, or or the end", self._next)
        return said

    @property
    def _next(self) -> _Token:
        return self._tokens[self._place]

    def _take(self) -> _Token:
        token = self._next
        self._place = min(self._place + 1, len(self._tokens) - 1)
        return token

    def _took(self, *texts: str) -> bool:
        fits = self._next.text.lower() in texts and self._next.sort in ("word", "sign")
        if fits:
            self._take()
        return fits

    def _wrong(self, wanted: str, token: _Token) -> BadInput:
        found = f"{token.text[:40]!r} at letter {token.at}" if token.text else "the end of the condition"
        return BadInput(f"{wanted} is wanted, and there is {found}")

    def _some(self) -> Said:
        parts = self._joined("or", self._every)
        return parts[0] if len(parts) == 1 else Some(parts)

    def _every(self) -> Said:
        parts = self._joined("and", self._not)
        return parts[0] if len(parts) == 1 else Every(parts)

    def _joined(self, word: str, part: Callable[[], Said]) -> tuple[Said, ...]:
        parts = [part()]
        while self._took(word):
            parts.append(part())
        return tuple(parts)

    def _not(self) -> Said:
        self._depth += 1
        if self._depth > DEEPEST:
            raise BadInput(f"there are more than {DEEPEST} brackets and nots within one another")
        said: Said = Not(self._not()) if self._took("not") else self._bracket()
        self._depth -= 1
        return said

    def _bracket(self) -> Said:
        if not self._took("("):
            return self._asking()
        said = self._some()
        if not self._took(")"):
            raise self._wrong("a closing bracket", self._next)
        return said

    def _asking(self) -> Said:
        self._asked += 1
        if self._asked > MOST:
            raise BadInput(f"there are more than {MOST} comparisons")
        fact = self._fact(self._take())
        if self._took("is"):
            return self._being(fact)
        if self._took("not"):
            return Not(Among(fact, self._values(fact, "in")))
        if self._next.text.lower() == "in":
            return Among(fact, self._values(fact, "in"))
        if (sign := SIGNS.get(self._next.text)) is not None:
            self._take()
            return self._compared(fact, sign)
        if fact.sort != YES_NO:
            raise self._wrong(f"a comparison of {fact.name}, like {_example(fact)},", self._next)
        return Yes(fact)

    def _being(self, fact: Fact) -> Said:
        """What comes after `is`."""
        negated = self._took("not")
        if self._next.text.lower() in ("known", "unknown"):
            known = self._take().text.lower() == "known"
            return Known(fact) if known is not negated else Not(Known(fact))
        return self._compared(fact, "!=" if negated else "==")

    def _fact(self, token: _Token) -> Fact:
        if token.sort != "word" or token.text.lower() in KEYWORDS:
            raise self._wrong("the name of a fact", token)
        if token.text not in FACTS:
            near = get_close_matches(token.text, FACTS, n=1)
            rather = f"did you mean {near[0]}?" if near else "docs/guides/own-kinds.md lists those there are"
            raise BadInput(f"{token.text[:40]} at letter {token.at} is no fact; {rather}")
        return FACTS[token.text]

    def _compared(self, fact: Fact, sign: str) -> Said:
        if fact.sort == YES_NO:
            if self._next.text.lower() not in ("yes", "no", "true", "false") or sign not in ("==", "!="):
                raise self._wrong(f"yes or no, for that is what {fact.name} is,", self._next)
            yes = self._take().text.lower() in ("yes", "true")
            return Yes(fact) if yes is (sign == "==") else Not(Yes(fact))
        if fact.sort in (CHOICE, TEXT) and sign not in ("==", "!="):
            raise BadInput(f"{fact.name} is {fact.sort}; it can be one thing or another, not more or less")
        return Compared(fact, sign, self._value(fact))

    def _values(self, fact: Fact, word: str) -> tuple[Value, ...]:
        if not self._took(word) or not self._took("("):
            raise self._wrong("in and a list in brackets", self._next)
        if fact.sort == YES_NO:
            raise BadInput(f"{fact.name} is yes or no; it needs no list")
        values = [self._value(fact)]
        while self._took(","):
            values.append(self._value(fact))
        if not self._took(")"):
            raise self._wrong("a comma or a closing bracket", self._next)
        return tuple(values)

    def _value(self, fact: Fact) -> Value:
        token = self._take()
        if fact.sort == NUMBER:
            return self._number(fact, token)
        if fact.sort == CLOCK:
            return _clock(fact, token)
        return _choice(fact, token) if fact.sort == CHOICE else _text(fact, token)

    def _number(self, fact: Fact, token: _Token) -> float:
        if token.sort != "number":
            raise BadInput(f"{fact.name} is a number{_in(fact)}, and {token.text[:40] or 'nothing'!r} is none")
        value, unit = float(token.text), ""
        if self._next.text == "%" or (self._next.sort == "word" and self._next.text.lower() not in KEYWORDS):
            unit = self._take().text.lower()
            units = UNITS.get(fact.unit, {})
            if unit not in units:
                raise BadInput(f"{fact.name} is told in {fact.unit or 'plain numbers'}, not in {unit[:20]}")
            value = round(value * units[unit], 9)
        if not fact.low <= value <= fact.high or (fact.whole and value != int(value)):
            whole = "a whole number " if fact.whole else ""
            raise BadInput(f"{fact.name} is {whole}from {fact.low:g} to {fact.high:g}{_in(fact)}, never {value:g}")
        return value


def _in(fact: Fact) -> str:
    return f" ({fact.unit})" if fact.unit else ""


def _clock(fact: Fact, token: _Token) -> float:
    hours, _, minutes = token.text.strip("\"'").partition(":")
    if not (hours.isdecimal() and minutes.isdecimal() and int(hours) < 24 and int(minutes) < 60):
        raise BadInput(f"{fact.name} is a time like 18:30, and {token.text[:40]!r} is none")
    return float(int(hours) * 60 + int(minutes))


def _choice(fact: Fact, token: _Token) -> str:
    value = token.text.strip("\"'").lower()
    if value not in fact.choices:
        raise BadInput(f"{fact.name} is one of {', '.join(fact.choices)}, never {token.text[:40]!r}")
    return value


def _text(fact: Fact, token: _Token) -> str:
    if token.sort != "text" or len(token.text) < 3:
        raise BadInput(f"{fact.name} is text: write it in quotation marks, like {_example(fact)}")
    return token.text[1:-1]


def _example(fact: Fact) -> str:
    shown = {CLOCK: ">= 18:30", CHOICE: f"is {(*fact.choices, '')[0]}", TEXT: 'is "Fractions"'}.get(fact.sort, ">= 1")
    return f"{fact.name} {shown}"

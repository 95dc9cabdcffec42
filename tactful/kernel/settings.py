"""The mechanism behind settings: rows owned by folders, read once at start.

A folder declares `Setting` rows; `read` takes them all, looks into the environment and
`tactful.toml`, and answers with frozen `Settings` or stops with one sentence.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from math import isfinite
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

from tactful.kernel.errors import BadSetting

T = TypeVar("T", str, int, float, bool)

PREFIX = "TACTFUL_"
CONFIG = "TACTFUL_CONFIG"  # names the file to read, instead of the usual one
# What Kubernetes and Docker tell every container about a service that is called tactful, or tactful-something.
SERVICE = re.compile(r"\w+_(SERVICE_(HOST|PORT\w*)=|PORT_\d+_(TCP|UDP|SCTP)\w*=|PORT=(tcp|udp|sctp)://)")


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """One row of the settings table. env: names that others use. own: organisations may have values of their own."""

    name: str
    default: T
    help: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    env: tuple[str, ...] = ()
    secret: bool = False
    never_in_file: bool = False
    own: bool = False
    check: Callable[[T], str | None] = field(default=lambda _: None, compare=False)

    @property
    def variable(self) -> str:
        """The environment variable that sets it.

        >>> Setting("guardrails.quiet_start", "22:00", "When the night begins.").variable
        'TACTFUL_GUARDRAILS_QUIET_START'
        """
        return PREFIX + self.name.replace(".", "_").upper()

    def parse(self, raw: object, *, source: str) -> T:
        """`raw` as this setting's type. raises: BadSetting, naming the setting and `source`."""
        value = self._convert(raw, source)
        problem = self._range_problem(value) or self.check(value)
        if problem:
            shown = "the value given" if self.secret else repr(value)
            raise BadSetting(f"{self.name} (from {source}): {shown} {problem}.", fields=[self.name])
        return value

    def _convert(self, raw: object, source: str) -> T:
        kind: Any = type(self.default)
        try:
            if kind is bool:
                return _FLAGS[str(raw).strip().lower()]  # type: ignore[return-value]
            if isinstance(raw, bool) or (kind is int and isinstance(raw, float)):
                raise ValueError(raw)
            return cast("T", kind(raw))
        except (KeyError, TypeError, ValueError):
            wanted = {"int": "a whole number", "float": "a number", "bool": "true or false"}.get(kind.__name__, "text")
            raise BadSetting(f"{self.name} (from {source}) must be {wanted}.", fields=[self.name]) from None

    def _range_problem(self, value: T) -> str | None:
        if self.choices and value not in self.choices:
            return f"is not one of {', '.join(self.choices)}"
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            if not isfinite(value):
                return "is not a finite number"
            if self.low is not None and value < self.low:
                return f"is below {self.low:g}"
            if self.high is not None and value > self.high:
                return f"is above {self.high:g}"
        return None


_FLAGS = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}


class Settings:
    """What was read, frozen. Ask with the row itself: `settings[QUIET_START]`.

    >>> ROW = Setting("demo.size", 3, "How many.")
    >>> Settings({})[ROW]
    3
    """

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = dict(values)

    def __getitem__(self, row: Setting[T]) -> T:
        value: T = self._values.get(row.name, row.default)
        return value

    def replace(self, **values: Any) -> "Settings":
        """A copy with some values changed; dots in names are written as two underscores."""
        return Settings(self._values | {name.replace("__", "."): value for name, value in values.items()})

    def public(self, rows: Iterable[Setting[Any]]) -> dict[str, Any]:
        """Every value that is not a secret, by name."""
        return {row.name: self[row] for row in rows if not row.secret}


@dataclass(frozen=True, slots=True)
class Agreement:
    """Settings that must fit together. problem: of their values, what is wrong with them; None when nothing is."""

    rows: tuple[Setting[Any], ...]
    problem: Callable[..., str | None]

    def hold(self, settings: Settings) -> None:
        """Nothing, when they fit together. raises: BadSetting, naming them all."""
        problem = self.problem(*(settings[row] for row in self.rows))
        if problem:
            *others, last = (row.name for row in self.rows)
            raise BadSetting(f"{', '.join(others)} and {last} {problem}.", fields=[*others, last])


def read(
    rows: Iterable[Setting[Any]],
    *,
    environ: Mapping[str, str],
    file: Path | None,
    agreements: Iterable[Agreement] = (),
) -> Settings:
    """Read every row: environment first, then the seeds' names, then the file, then the default.

    The file is the one that TACTFUL_CONFIG names, which must be there, else `file`, if it is there.
    raises: BadSetting for a wrong value, for values that do not agree, and for a TACTFUL variable or a
    key in the file that no row declares.
    """
    table = {row.name: row for row in rows}
    _known({CONFIG, *(name for row in table.values() for name in (row.variable, *row.env))}, environ)
    values: dict[str, Any] = {}
    file = _named(environ.get(CONFIG, "")) or file
    for name, raw in _flat(_load(file)).items():
        if name not in table:
            raise BadSetting(f"{name} in {file} is not a setting; see docs/settings.md.", fields=[name])
        if table[name].never_in_file:
            raise BadSetting(f"{name} must not stand in {file}; set {table[name].variable} instead.", fields=[name])
        values[name] = table[name].parse(raw, source=str(file))
    for row in table.values():
        for variable in (*reversed(row.env), row.variable):
            if environ.get(variable, "") != "":
                values[row.name] = row.parse(environ[variable], source=variable)
    settings = Settings(values)
    for agreement in agreements:
        agreement.hold(settings)
    return settings


def _known(names: Iterable[str], environ: Mapping[str, str]) -> None:
    names = set(names)
    for name, value in environ.items():
        if name.startswith(PREFIX) and value and name not in names and not SERVICE.match(f"{name}={value}"):
            near = get_close_matches(name, sorted(names), n=1, cutoff=0.7)
            raise BadSetting(
                f"{name} is not a setting; " + (f"did you mean {near[0]}?" if near else "see docs/settings.md."),
                fields=[name],
            )


def _named(name: str) -> Path | None:
    if name and not Path(name).is_file():
        raise BadSetting(f"{CONFIG} names {name}, and there is no such file.", fields=[CONFIG])
    return Path(name) if name else None


def _load(file: Path | None) -> dict[str, Any]:
    if file is None or not file.exists():
        return {}
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(f"{file} is not valid TOML: {error}.") from None


def _flat(tree: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in tree.items():
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = value
    return flat

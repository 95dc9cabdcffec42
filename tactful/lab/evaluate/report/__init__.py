"""A page of what an evaluation found: one file that needs nothing else, for the screen and for paper."""

from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from tactful import __version__
from tactful.lab.evaluate.report import pictures
from tactful.lab.evaluate.report.tables import sections, summary
from tactful.lab.evaluate.rows import Row

HERE = Path(__file__).parent
NAME = "index.html"

templates = Environment(loader=FileSystemLoader(HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True)


def write(rows: Sequence[Row], folder: Path, *, at: datetime) -> Path:
    """Write the page of `rows` into `folder`, which is made if it is not there; answers where it is.

    at: when the figures were made. The same rows and instant make the same page.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / NAME
    path.write_text(page(rows, at=at), encoding="utf-8")
    return path


def page(rows: Sequence[Row], *, at: datetime) -> str:
    """The page as text. It may load nothing and run nothing: its own policy allows its one style sheet alone."""
    style = (HERE / "page.css").read_text(encoding="utf-8")
    lines = summary(rows)
    return templates.get_template("page.html").render(
        style=Markup(style),
        policy=f"default-src 'none'; style-src 'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'",
        lines=lines,
        reached=sum(each.verdict.mark != "warn" for each in lines),
        sections=sections(rows),
        pictures=pictures,
        at=f"{at:%Y-%m-%d %H:%M} UTC",
        version=__version__,
    )

"""The page as HTML: plain forms, so that it works in any browser, with scripts or without."""

import hashlib
from base64 import b64encode
from html import escape
from typing import Any

from tactful.api.out.words import WORDS, language

STYLE = """
:root { color-scheme: light dark; --ink: #1f2430; --soft: #5a6172; --ground: #f6f7f9; --card: #fff; --tint: #2456c8;
  --on-tint: #fff }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaf0; --soft: #a6adbd; --ground: #14161b; --card: #1d2027;
  --tint: #8fb0ff; --on-tint: #10131a } }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--ground); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif }
main { box-sizing: border-box; max-width: 28rem; width: calc(100% - 2rem); padding: 1.5rem; background: var(--card);
  border-radius: .75rem }
h1 { font-size: 1.25rem; margin: 0 0 .5rem }
p { margin: 0 0 1.25rem; color: var(--soft) }
button { display: block; width: 100%; padding: .75rem 1rem; margin: 0 0 .75rem; border-radius: .5rem; cursor: pointer;
  font: inherit; font-weight: 600; border: 1px solid var(--tint); background: var(--tint); color: var(--on-tint) }
button.quiet { background: transparent; color: var(--tint) }
button:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px }
"""
DIGEST = b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{DIGEST}'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer"><title>{title}</title><style>{style}</style></head>
<body><main><h1>{title}</h1><p role="status">{told}</p>{forms}</main></body></html>
"""
FORM = """<form method="post"><button name="do" value="{does}"{quiet}>{label}</button></form>"""


def page(whom: dict[str, Any]) -> str:
    """What somebody sees who opened the way out. whom: as `Engine.way_out` answers."""
    words = WORDS[language(whom["locale"])]
    names = {"organisation": whom["organisation"], "channel": whom["channel"].replace("_", " ")}
    does = ("allow",) if whom["stopped"] else ("stop", "only")
    forms = "".join(
        FORM.format(does=each, quiet=' class="quiet"' if number else "", label=escape(words[each].format(**names)))
        for number, each in enumerate(does)
    )
    told = words["off" if whom["stopped"] else "on"].format(**names)
    return _page(language(whom["locale"]), words["title"].format(**names), told, forms)


def unknown() -> str:
    """What somebody sees whose link leads nowhere any more."""
    return _page("en", "Tactful", WORDS["en"]["unknown"], "")


def _page(language: str, title: str, told: str, forms: str) -> str:
    return PAGE.format(language=language, title=escape(title), style=STYLE, told=escape(told), forms=forms)

"""Without the extra everything else works, and one sentence says what to install."""

import subprocess
import sys

import pytest

WITHOUT = """
import sys
for name in ("pydantic_ai", "httpx2", "openai", "anthropic"):
    sys.modules[name] = None
from tactful.bootstrap import Engine
from tactful.deliver import language_model
from tactful.kernel.errors import CannotStart
from tactful.kernel.settings import Settings
named = Settings({"llm.provider": "openai", "llm.model": "small", "llm.api_key": "k"})
Engine(named)
try:
    language_model.build(named)
except CannotStart as error:
    print(error.detail)
"""
# As where somebody installed pydantic-ai alone, without the library of their provider.
HALF = """
import sys
sys.modules["anthropic"] = None
from tactful.deliver import language_model
from tactful.kernel.settings import Settings
for provider in ("anthropic", "openai"):
    named = Settings({"llm.provider": provider, "llm.model": "small", "llm.api_key": "k"})
    print(provider, language_model.missing(named) or "has all it needs")
print([name for name in sys.modules if name == "pydantic_ai"])
"""
LOADED = """
import sys
from tactful.api.app import create_app
from tactful.bootstrap import Engine
create_app(Engine())
print([name for name in ("pydantic_ai", "openai", "anthropic") if name in sys.modules])
"""


def said(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_without_the_extra_one_sentence_says_what_to_install() -> None:
    told = said(WITHOUT)
    assert "is not installed: run pip install 'tactful[llm]'. Templates are used." in told
    assert told.startswith("llm.provider is openai")


def test_the_library_of_another_provider_is_not_missed_and_none_is_loaded_to_find_out() -> None:
    pytest.importorskip("pydantic_ai", reason="the extra tactful[llm] is not installed")
    assert said(HALF).splitlines() == [
        "anthropic llm.provider is anthropic, but anthropic is not installed: run pip install 'tactful[llm]'.",
        "openai has all it needs",
        "[]",
    ]


def test_where_no_provider_is_set_none_of_it_is_loaded() -> None:
    assert said(LOADED) == "[]"

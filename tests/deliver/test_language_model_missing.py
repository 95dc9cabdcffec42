"""Without the extra everything else works, and one sentence says what to install."""

import subprocess
import sys

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


def test_where_no_provider_is_set_none_of_it_is_loaded() -> None:
    assert said(LOADED) == "[]"

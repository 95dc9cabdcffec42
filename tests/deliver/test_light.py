"""What channels stand on is loaded when one of them is set up, so that every command stays quick."""

import subprocess
import sys

LIBRARIES = ("aiosmtplib", "httpcore2", "h2", "idna", "jwt", "redis", "cryptography", "jinja2")
LOADED = f"""
import sys
from tactful.deliver import set_up
from tactful.kernel.settings import Settings
set_up(Settings({{}}))
print([name for name in {LIBRARIES} if name in sys.modules])
"""


def test_channels_that_are_not_set_up_load_no_library() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == "[]"

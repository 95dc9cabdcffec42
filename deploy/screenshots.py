"""Takes pictures of the running engine's pages with the system's Chromium: `make screenshots`."""

import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

ADDRESS = "http://127.0.0.1:8000"
PAGES = {"status": "/", "http": "/docs"}
WIDTHS = {"wide": "1280,900", "narrow": "390,844"}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PICTURES = Path(__file__).parents[1] / "docs" / "screenshots"


def main() -> str | None:
    """Take every picture. Answers what is missing, or nothing."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        return "No Chromium found; install one (on Debian and Ubuntu: apt install chromium)."
    try:
        urllib.request.urlopen(f"{ADDRESS}/healthz", timeout=5).close()
    except (urllib.error.URLError, OSError):
        return f"Nothing answers at {ADDRESS}; run make demo first."
    PICTURES.mkdir(exist_ok=True)
    for page, path in PAGES.items():
        for width, size in WIDTHS.items():
            picture = PICTURES / f"{page}-{width}.png"
            command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
            command += [f"--window-size={size}", "--virtual-time-budget=5000", f"--screenshot={picture}"]
            subprocess.run([*command, ADDRESS + path], check=True, capture_output=True)
    return None


if __name__ == "__main__":
    sys.exit(main())

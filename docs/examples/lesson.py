"""A product with the widget in its pages: serves this folder, and gives whoever opens the lesson a token of their own.

    SERVICE=... python docs/examples/lesson.py [ENGINE] [PORT]

SERVICE is a service token of the engine, whose setting api.origins names this page: http://localhost:8001. Everybody is
person 42 here; a product asks whoever has signed in.
"""

import json
import os
import sys
import urllib.error
import urllib.request
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ENGINE = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
PORT = int(sys.argv[2]) if len(sys.argv) > 2 else 8001
FOLDER = Path(__file__).parent
POLICY = (
    f"default-src 'none'; script-src 'self' {ENGINE}; style-src 'self'; img-src data:; connect-src 'self' {ENGINE}; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)


class Product(SimpleHTTPRequestHandler):
    """The product's web server."""

    def __init__(self, *arguments: object) -> None:
        super().__init__(*arguments, directory=str(FOLDER))  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """The lesson, a token for it, or a file beside it."""
        if self.path == "/token":
            self._answer(200, "application/json", token("42"))
        elif self.path.partition("?")[0] in ("/", "/lesson.html"):
            page = (FOLDER / "lesson.html").read_text().replace("http://127.0.0.1:8000", ENGINE)
            self._answer(200, "text/html; charset=utf-8", page.encode())
        else:
            super().do_GET()

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)


def token(person: str) -> bytes:
    """What the engine answers to being asked for a token of somebody's browser."""
    headers = {"Authorization": f"Bearer {os.environ['SERVICE']}", "Content-Type": "application/json"}
    body = json.dumps({"user_id": person}).encode()
    request = urllib.request.Request(f"{ENGINE}/api/v1/tokens/widget", body, headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return bytes(answer.read())
    except urllib.error.URLError:
        # The lesson goes on without it.
        return b"{}"


if __name__ == "__main__":
    print(f"The lesson: http://localhost:{PORT}/lesson.html")
    ThreadingHTTPServer(("127.0.0.1", PORT), Product).serve_forever()

"""Scripts of others are what they were when they were published."""

import tomllib
from hashlib import sha256
from pathlib import Path

import tactful

VENDOR = Path(tactful.__path__[0]) / "console" / "static" / "vendor"


def test_every_script_of_others_is_the_published_one() -> None:
    manifest = tomllib.loads((VENDOR / "manifest.toml").read_text())
    there = {path.name for path in VENDOR.iterdir() if path.suffix in (".js", ".css")}
    assert there == set(manifest)
    assert {name: sha256((VENDOR / name).read_bytes()).hexdigest() for name in there} == {
        name: row["sha256"] for name, row in manifest.items()
    }


def test_every_script_of_others_has_its_licence_beside_it() -> None:
    manifest = tomllib.loads((VENDOR / "manifest.toml").read_text())
    for row in manifest.values():
        assert row["licence"] in ("0BSD", "MIT")
        assert (VENDOR / f"{row['package'].removesuffix('.org')}.LICENSE".replace("uplot", "uPlot")).is_file()

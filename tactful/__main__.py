"""`python -m tactful` is `tactful`."""

from tactful.cli import main

if __name__ == "__main__":
    raise SystemExit(main())

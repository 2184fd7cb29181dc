"""`python -m wslint`."""

from wslint.cli import run

if __name__ == "__main__":
    run()

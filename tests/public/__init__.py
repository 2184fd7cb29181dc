"""wslint over a folder of other people's checkouts: `python -m tests.public DIR`."""

"""WS1: compatibility dates and flags."""

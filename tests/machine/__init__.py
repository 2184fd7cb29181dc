"""The machine: what code comes to, in each language."""

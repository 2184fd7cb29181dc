"""The machine: what small projects come to, scene by scene."""

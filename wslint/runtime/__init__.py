"""What the Workers runtime does: one file an object, each member once, with the runtime's own words."""

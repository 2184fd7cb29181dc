"""Reading wrangler configuration: located values, environments, lifecycle."""

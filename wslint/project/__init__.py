"""How a configuration becomes what is deployed, and what is served before it."""

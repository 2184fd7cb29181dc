"""Frameworks on the runtime: routers, and base classes of Durable Objects, read from their public sources."""

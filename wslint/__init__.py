"""Lint Cloudflare Workers with Durable Objects and WebSockets before they are deployed."""

__version__ = "0.1.0"

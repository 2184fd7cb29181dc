"""WS3: the lifecycle of Durable Object classes."""

"""WS0: the configuration file itself."""

"""WS6: state, identity and hibernation."""

"""Rules about static assets, routes and clients."""

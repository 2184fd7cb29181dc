"""`wslint explain`: from words, a code or a status to what they may mean, and to what to do next."""

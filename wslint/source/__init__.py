"""What a Worker's source says, in one language-neutral model (`facts`), read by one analyser a language."""

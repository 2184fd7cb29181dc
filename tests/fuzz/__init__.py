"""Projects made of the rules' own pages, cut and joined at their lines and words, and what must hold of each."""

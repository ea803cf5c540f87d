"""Reviews as files, for people and for programs."""

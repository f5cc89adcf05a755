"""That records of several cases are one human, who counts once and whose matters are shown together."""

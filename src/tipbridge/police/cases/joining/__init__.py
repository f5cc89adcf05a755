"""How cases stand to each other: links, parents, merges, splits."""

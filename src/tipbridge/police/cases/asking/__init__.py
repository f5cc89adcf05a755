"""Does another case here know of the same? Asked, answered, told to who must know."""

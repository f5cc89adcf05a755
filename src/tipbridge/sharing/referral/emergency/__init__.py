"""People say that a life is in danger: more may leave at once, and somebody else looks at it after."""

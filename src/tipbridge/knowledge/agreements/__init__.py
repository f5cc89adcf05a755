"""May we? Who may share which class of data with whom, for what, until when."""

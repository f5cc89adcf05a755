"""Random histories of nodes that exchange packages over a bad network, and their checker."""

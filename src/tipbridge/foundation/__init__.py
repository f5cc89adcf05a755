"""The ground floor: knows nothing of tips."""

"""Archives read by our own hand, within budgets, without ever writing a member anywhere."""

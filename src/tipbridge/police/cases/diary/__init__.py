"""What is done and noted in a case: tasks, notes, documents, timeline."""

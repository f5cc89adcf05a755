"""Quality: what a provider's reports lacked to be solvable; told to people, never to the queue."""

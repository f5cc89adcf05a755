"""The word that a party suspends an agreement, or resumes it: sent, and taken."""

"""What referrals said of the people and files of a case, for who works it."""

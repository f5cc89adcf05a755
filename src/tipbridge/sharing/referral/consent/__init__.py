"""The originator's leave: to pass a received referral on, or to use it in court."""

"""When what points at somebody was seen, as referrals tell it."""

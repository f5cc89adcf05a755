"""Files that referrals report in a case, and those found on its exhibits, by their digests."""

"""A referral after its release: what its receivers say of it, and what its sender takes back."""

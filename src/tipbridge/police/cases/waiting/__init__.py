"""Referrals that wait for staff, since what they were sent for opens no case by itself."""

"""Referrals that fed a case by mistake: taken out of it, and brought back."""

"""Set aside a referral that was prepared by mistake: nothing of it left."""

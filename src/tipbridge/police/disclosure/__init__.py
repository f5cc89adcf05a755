"""Disclosure bundles: what a case's evidence is, for a court or another agency, provable anywhere."""

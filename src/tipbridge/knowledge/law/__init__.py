"""What does the law say of this, there, then? Jurisdictions as dated data."""

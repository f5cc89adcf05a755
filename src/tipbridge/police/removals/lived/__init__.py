"""How long material stayed at each place after its first notice."""

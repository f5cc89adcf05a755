"""Scripts and lints of the house; no part of the product."""

"""Sets of known-good files that come as a database: NSRL's RDSv3 and what has its shape."""

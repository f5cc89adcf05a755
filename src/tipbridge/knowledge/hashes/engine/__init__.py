"""The match engine: index files and arrays, pictures and frames; no database, no actor."""

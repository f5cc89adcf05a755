"""The match engine, held against brute force; `python -m` this package is the long form."""

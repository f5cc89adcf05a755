"""What is known about a tip: addresses, countries, duplicates."""

"""The 2014 operation as a generator of synthetic tips, people and devices."""

"""Whether another agency knows somebody whom a case knows: hit or no hit, and nothing else."""

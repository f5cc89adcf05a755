"""Notes and documents put into the wrong case: struck out, or brought to the right one."""

"""Performance claims, each as a ratio against a named peer measured in the same minute."""

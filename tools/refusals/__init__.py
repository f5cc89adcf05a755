"""What the pages' refusals say, read off the program: which need words in other languages."""

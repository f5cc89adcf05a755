"""What the issue on examining media asks for, as ratios: a figure below it is BROKEN, not a lesser claim."""

DFVFS, RECOVER_AND_HASHDEEP, FOLDER = 1.3, 3.5, 1.05
"""At least so much quicker than dfVFS's fastest back end, and than tsk_recover with hashdeep; a file
out of an image takes at most so much of what it takes out of a folder."""
PYEWF, LIBEWF = 4.0, 1.5
"""At least so much quicker over a whole E01."""

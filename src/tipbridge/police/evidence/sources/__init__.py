"""Sources of an examination: raw and split raw images, and E01 sets, behind one `read`."""

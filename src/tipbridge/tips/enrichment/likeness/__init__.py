"""Files of reports compared with lists by likeness, in the box, one by one."""

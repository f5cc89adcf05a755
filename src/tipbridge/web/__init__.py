"""The shell of pages: templates, sessions, error answers; knows no room.

Rooms use `render.page`, `render.see_other`, `session.staff_work` and `nav.NavEntry`;
the program calls `mount.mount_shell` once.
"""

"""The organisation's own desk: doors and verbs over the foundation."""

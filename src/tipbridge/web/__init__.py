"""The shell of pages: templates, forms, origin check, errors to HTTP, request to Work."""

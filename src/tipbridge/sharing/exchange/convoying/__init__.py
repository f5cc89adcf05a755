"""Several small packages to one peer in one request."""

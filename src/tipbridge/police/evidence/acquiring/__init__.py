"""Copying a medium into an image that anybody can check."""

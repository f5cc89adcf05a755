"""Counts only: figures with definitions."""

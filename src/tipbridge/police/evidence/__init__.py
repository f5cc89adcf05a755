"""Exhibits, custody and examination."""

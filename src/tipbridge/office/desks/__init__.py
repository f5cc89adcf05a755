"""Desks and the duty rota, as the office keeps them."""

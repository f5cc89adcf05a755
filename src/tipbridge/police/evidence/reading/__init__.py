"""What runs behind the walls: everything that follows the structures of a seized medium."""

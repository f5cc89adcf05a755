"""People approve a release, where the agreement wants them to: exactly what would leave."""

"""What hosts answer by e-mail: read from files, brought to the notice it answers."""

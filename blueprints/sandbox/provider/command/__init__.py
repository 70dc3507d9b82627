"""The simulated package `command`."""

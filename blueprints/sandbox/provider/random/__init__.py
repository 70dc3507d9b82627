"""The simulated package `random`."""

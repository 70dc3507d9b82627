"""The simulated package `aws`."""

"""The simulated package `docker`."""

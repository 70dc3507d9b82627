"""The simulated package `kubernetes`."""

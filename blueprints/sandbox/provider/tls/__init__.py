"""The simulated package `tls`."""

"""Parts on AWS, one concept a file. Each is a component of its own and knows no topology."""

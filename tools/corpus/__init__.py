"""Runs public Pulumi programs in the sandbox, to find what it refuses and should not; see docs/public-programs.md."""

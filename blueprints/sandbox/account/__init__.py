"""The simulated account: what exists in it, what a project adds, and how to change it behind the engine's back."""

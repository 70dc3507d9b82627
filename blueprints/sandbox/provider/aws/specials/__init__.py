"""Values in the attribute tables that need more than filling in. Each function is named as the tables name it."""

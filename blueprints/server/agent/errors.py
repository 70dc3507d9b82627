"""The one exception of the agent that is meant for people."""


class AgentError(Exception):
    """Something went wrong that the message explains; it never contains a secret."""

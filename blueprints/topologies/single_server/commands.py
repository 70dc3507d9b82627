"""Commands that a person types about a server, ready to copy."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi


@dataclass(frozen=True)
class Commands:
    """AWS command lines for one server."""

    region: pulumi.Output[str]
    instance_id: pulumi.Output[str]

    def connect(self) -> pulumi.Output[str]:
        """Opens a shell through Session Manager."""
        return pulumi.Output.concat("aws ssm start-session --region ", self.region, " --target ", self.instance_id)

    def run(self, document: pulumi.Output[str], **parameters: pulumi.Input[str]) -> pulumi.Output[str]:
        """Runs a Systems Manager document on the server."""
        given = [part for name, value in parameters.items() for part in (f" --parameters {name}=", value)]
        return pulumi.Output.concat(
            *("aws ssm send-command --region ", self.region, " --document-name ", document),
            *(" --targets Key=InstanceIds,Values=", self.instance_id, *given),
        )

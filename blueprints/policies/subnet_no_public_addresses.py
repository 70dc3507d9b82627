"""What is started in a subnet is reachable from outside only where someone decided so."""

from blueprints.policies.rule import Rule, is_set

RULE = Rule(
    id="EC2.15",
    title="A subnet gives no public addresses by itself",
    applies=("aws:ec2/subnet:Subnet",),
    looks_at=("map_public_ip_on_launch",),
    holds=is_set("map_public_ip_on_launch", None, False),
    fix="set map_public_ip_on_launch to False",
)

"""A team's own program: its network and its queue, and beside them a single server whose image is built from app/."""

import pulumi
import pulumi_aws as aws

from blueprints import SingleServer

vpc = aws.ec2.Vpc("team", cidr_block="10.40.0.0/16", enable_dns_hostnames=True)
gateway = aws.ec2.InternetGateway("team", vpc_id=vpc.id)
subnet = aws.ec2.Subnet("team", vpc_id=vpc.id, cidr_block="10.40.0.0/24", availability_zone="eu-central-1a")
routes = aws.ec2.RouteTable("team", vpc_id=vpc.id, routes=[{"cidr_block": "0.0.0.0/0", "gateway_id": gateway.id}])
aws.ec2.RouteTableAssociation("team", route_table_id=routes.id, subnet_id=subnet.id)

orders = aws.sqs.Queue("orders", sqs_managed_sse_enabled=True)

shop = SingleServer(
    "shop",
    {
        "environment": "dev",
        "tls": {"mode": "self_signed"},
        "app": {"build": {"context": "app"}, "secrets": ["session_key"], "environment": {"GREETING": "hello"}},
        "existing": {"vpc": {"vpc_id": vpc.id, "subnet_id": subnet.id, "cidr": "10.40.0.0/16"}},
        "overrides": {"server-instance": {"root_block_device": {"iops": 4000}}},
        "tags": {"team": "shop"},
    },
)

# Raw children are attributes: what the blueprint does not offer is added beside it.
aws.iam.RolePolicy(
    "orders",
    role=shop.role.role.id,
    policy=pulumi.Output.json_dumps(
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": orders.arn}],
        }
    ),
)

pulumi.export("url", shop.url)
pulumi.export("orders", orders.url)

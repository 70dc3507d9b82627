"""EC2 networking: VPC, subnets, gateways, routes, security groups, load balancers."""

from __future__ import annotations

from typing import Any

_EC2 = "arn:{p}:ec2:{r}:{a}:"
_ELB = "arn:{p}:elasticloadbalancing:{r}:{a}:"

FORMS: dict[str, dict[str, Any]] = {
    "ec2/vpc:Vpc": {
        "id": "vpc-#17",
        "arn": _EC2 + "vpc/{id}",
        "defaultNetworkAclId": "acl-#17",
        "defaultRouteTableId": "rtb-#17",
        "mainRouteTableId": "rtb-#17",
        "defaultSecurityGroupId": "sg-#17",
        "dhcpOptionsId": "dopt-#17",
        "ownerId": "{a}",
        "cidrBlock": "{i[cidrBlock]}",
        "enableDnsSupport": True,
        "instanceTenancy": "default",
    },
    "ec2/defaultVpc:DefaultVpc": {
        "id": "vpc-#17",
        "arn": _EC2 + "vpc/{id}",
        "cidrBlock": "172.31.0.0/16",
        "defaultNetworkAclId": "acl-#17",
        "defaultRouteTableId": "rtb-#17",
        "mainRouteTableId": "rtb-#17",
        "defaultSecurityGroupId": "sg-#17",
        "ownerId": "{a}",
        "enableDnsSupport": True,
        "enableDnsHostnames": True,
        "instanceTenancy": "default",
    },
    "ec2/subnet:Subnet": {"id": "subnet-#17", "arn": _EC2 + "subnet/{id}", "ownerId": "{a}"},
    "ec2/defaultSubnet:DefaultSubnet": {"id": "subnet-#17", "arn": _EC2 + "subnet/{id}", "ownerId": "{a}"},
    "ec2/internetGateway:InternetGateway": {
        "id": "igw-#17",
        "arn": _EC2 + "internet-gateway/{id}",
        "ownerId": "{a}",
    },
    "ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway": {"id": "eigw-#17"},
    "ec2/routeTable:RouteTable": {"id": "rtb-#17", "arn": _EC2 + "route-table/{id}", "ownerId": "{a}"},
    "ec2/defaultRouteTable:DefaultRouteTable": {
        "id": "{i[defaultRouteTableId]}",
        "arn": _EC2 + "route-table/{id}",
        "ownerId": "{a}",
    },
    "ec2/routeTableAssociation:RouteTableAssociation": {"id": "rtbassoc-#17"},
    "ec2/mainRouteTableAssociation:MainRouteTableAssociation": {
        "id": "rtbassoc-#17",
        "originalRouteTableId": "rtb-#17",
    },
    "ec2/route:Route": {"id": "r-{i[routeTableId]}{digits10}", "origin": "CreateRoute", "state": "active"},
    "ec2/natGateway:NatGateway": {
        "id": "nat-#17",
        "associationId": "eipassoc-#17",
        "networkInterfaceId": "eni-#17",
        "connectivityType": "public",
    },
    "ec2/eip:Eip": {
        "id": "eipalloc-#17",
        "allocationId": "{id}",
        "arn": _EC2 + "elastic-ip/{id}",
        "domain": "vpc",
        "networkBorderGroup": "{r}",
        "publicIpv4Pool": "amazon",
    },
    "ec2/eipAssociation:EipAssociation": {"id": "eipassoc-#17", "networkInterfaceId": "eni-#17"},
    "ec2/networkInterface:NetworkInterface": {
        "id": "eni-#17",
        "arn": _EC2 + "network-interface/{id}",
        "ownerId": "{a}",
        "interfaceType": "interface",
    },
    "ec2/securityGroup:SecurityGroup": {
        "id": "sg-#17",
        "arn": _EC2 + "security-group/{id}",
        "ownerId": "{a}",
        "description": "Managed by Pulumi",
    },
    "ec2/defaultSecurityGroup:DefaultSecurityGroup": {
        "id": "sg-#17",
        "arn": _EC2 + "security-group/{id}",
        "name": "default",
        "ownerId": "{a}",
        "description": "default VPC security group",
    },
    "ec2/securityGroupRule:SecurityGroupRule": {"id": "sgrule-{digits10}", "securityGroupRuleId": "sgr-#17"},
    "vpc/securityGroupIngressRule:SecurityGroupIngressRule": {
        "id": "sgr-#17",
        "arn": _EC2 + "security-group-rule/{id}",
        "securityGroupRuleId": "{id}",
    },
    "vpc/securityGroupEgressRule:SecurityGroupEgressRule": {
        "id": "sgr-#17",
        "arn": _EC2 + "security-group-rule/{id}",
        "securityGroupRuleId": "{id}",
    },
    "ec2/vpcEndpoint:VpcEndpoint": {
        "id": "vpce-#17",
        "arn": _EC2 + "vpc-endpoint/{id}",
        "ownerId": "{a}",
        "prefixListId": "pl-#8",
        "state": "available",
        "vpcEndpointType": "Gateway",
        "requesterManaged": False,
    },
    "ec2/flowLog:FlowLog": {
        "id": "fl-#17",
        "arn": _EC2 + "vpc-flow-log/{id}",
        "logDestinationType": "cloud-watch-logs",
        "maxAggregationInterval": 600,
    },
    "ec2/networkAcl:NetworkAcl": {"id": "acl-#17", "arn": _EC2 + "network-acl/{id}", "ownerId": "{a}"},
    "ec2/networkAclRule:NetworkAclRule": {"id": "nacl-{digits10}"},
    "ec2/networkAclAssociation:NetworkAclAssociation": {"id": "aclassoc-#17"},
    "ec2/vpcDhcpOptions:VpcDhcpOptions": {"id": "dopt-#17", "arn": _EC2 + "dhcp-options/{id}", "ownerId": "{a}"},
    "ec2/vpcPeeringConnection:VpcPeeringConnection": {"id": "pcx-#17", "acceptStatus": "active"},
    "ec2/managedPrefixList:ManagedPrefixList": {"id": "pl-#17", "arn": _EC2 + "prefix-list/{id}", "ownerId": "{a}"},
    "ec2/vpnGateway:VpnGateway": {"id": "vgw-#17", "arn": _EC2 + "vpn-gateway/{id}"},
    "ec2/customerGateway:CustomerGateway": {"id": "cgw-#17", "arn": _EC2 + "customer-gateway/{id}"},
    "ec2/vpnConnection:VpnConnection": {"id": "vpn-#17", "arn": _EC2 + "vpn-connection/{id}"},
    "ec2transitgateway/transitGateway:TransitGateway": {
        "id": "tgw-#17",
        "arn": _EC2 + "transit-gateway/{id}",
        "associationDefaultRouteTableId": "tgw-rtb-#17",
        "propagationDefaultRouteTableId": "tgw-rtb-#17",
        "ownerId": "{a}",
    },
    "ec2transitgateway/vpcAttachment:VpcAttachment": {"id": "tgw-attach-#17", "vpcOwnerId": "{a}"},
    "lb/loadBalancer:LoadBalancer": {
        "id": "@arn",
        "arn": _ELB + "loadbalancer/{elbkind}/{name}/{hex16}",
        "arnSuffix": "{elbkind}/{name}/{hex16}",
        "dnsName": "{internalprefix}{name}-{digits10}.{r}.elb.{s}",
        "loadBalancerType": "application",
        "ipAddressType": "ipv4",
        "enableHttp2": True,
    },
    "lb/targetGroup:TargetGroup": {
        "id": "@arn",
        "arn": _ELB + "targetgroup/{name}/{hex16}",
        "arnSuffix": "targetgroup/{name}/{hex16}",
        "targetType": "instance",
        "protocolVersion": "HTTP1",
        "ipAddressType": "ipv4",
        "loadBalancingAlgorithmType": "round_robin",
    },
    "lb/listener:Listener": {"id": "@arn", "arn": _ELB + "listener/{lbsuffix}/{hex16}"},
    "lb/listenerRule:ListenerRule": {"id": "@arn", "arn": _ELB + "listener-rule/{listenersuffix}/{hex16}"},
    "lb/listenerCertificate:ListenerCertificate": {"id": "{i[listenerArn]}_{i[certificateArn]}"},
    "lb/targetGroupAttachment:TargetGroupAttachment": {"id": "{i[targetGroupArn]}-{digits20}"},
    "elb/loadBalancer:LoadBalancer": {
        "id": "{name}",
        "arn": _ELB + "loadbalancer/{name}",
        "dnsName": "{internalprefix}{name}-{digits10}.{r}.elb.{s}",
        "sourceSecurityGroup": "{a}/default_elb",
        "sourceSecurityGroupId": "sg-#17",
    },
}
for _kind in ("loadBalancer:LoadBalancer", "targetGroup:TargetGroup", "listener:Listener", "listenerRule:ListenerRule"):
    # The same resources under the package's older names.
    FORMS[f"alb/{_kind}"] = FORMS[f"lb/{_kind}"]
FORMS["alb/targetGroupAttachment:TargetGroupAttachment"] = FORMS["lb/targetGroupAttachment:TargetGroupAttachment"]

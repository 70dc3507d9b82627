"""What AWS computes for the resources of each service.

A table gives, for a resource type without its `aws:` prefix, the form of its id and of further outputs. In texts:

    {r} {a} {p} {s}   region, account, partition and DNS suffix of the resource
    {id} {arn} {name} its id, its ARN, and the physical name (or the logical one, where there is none)
    {i[x]} {last[x]}  an input; what follows the last `/` or `:` of an input
    {hex16} {digits12} {upper13} {lower10} {uuid}   what AWS chooses, with that many characters
    vpc-#17           an id of 17 hexadecimal digits after the prefix

`"id": "@x"` says that the id is the output `x`. A function takes the resource and gives a dict of outputs.
"""

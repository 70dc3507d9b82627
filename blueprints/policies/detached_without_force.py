"""A volume that is torn from a running system may lose its last writes."""

from blueprints.policies.rule import Rule, is_set

RULE = Rule(
    id="BP.4",
    title="A volume is detached only after its server has stopped",
    applies=("aws:ec2/volumeAttachment:VolumeAttachment",),
    looks_at=(
        "force_detach",
        "stop_instance_before_detaching",
    ),
    holds=lambda inputs: (
        is_set("force_detach", None, False)(inputs) and is_set("stop_instance_before_detaching", True)(inputs)
    ),
    fix="set stop_instance_before_detaching to True and remove force_detach",
)

"""The CloudWatch agent's configuration: memory, disks, and the containers' and the host's logs."""

from __future__ import annotations

import json
from typing import Any

from blueprints.server.parameters import METRICS_NAMESPACE


def agent_config() -> dict[str, Any]:
    """The configuration as the agent's schema takes it.

    Log groups stand by the keys of `HostParameters.logs`; the server puts the names there. The agent makes no group.
    """
    files: list[dict[str, Any]] = [
        {
            # Docker writes one such file a container and rotates it; each is followed as a stream of its own.
            "file_path": "/var/lib/docker/containers/*/*-json.log",
            "publish_multi_logs": True,
            "log_group_name": "containers",
            "log_stream_name": "{instance_id}",
        },
        {"file_path": "/var/log/syslog", "log_group_name": "host", "log_stream_name": "{instance_id}/syslog"},
        {"file_path": "/var/log/auth.log", "log_group_name": "host", "log_stream_name": "{instance_id}/auth"},
    ]
    return {
        "agent": {"metrics_collection_interval": 60, "omit_hostname": True},
        "metrics": {
            "namespace": METRICS_NAMESPACE,
            "append_dimensions": {"InstanceId": "${aws:InstanceId}"},
            # One metric for the memory and one for each disk, under the dimensions that the alarms name. Each further
            # combination of dimensions would be a metric of its own, and paid as such. Memory has no dimension but the
            # instance: nothing is aggregated there, and its original must not be dropped.
            "aggregation_dimensions": [["InstanceId", "path"]],
            "metrics_collected": {
                "mem": {"measurement": ["mem_used_percent"]},
                "disk": {
                    "measurement": ["used_percent"],
                    "drop_original_metrics": ["disk_used_percent"],
                    "resources": ["/", "/srv/data"],
                    "drop_device": True,
                },
            },
        },
        "logs": {"logs_collected": {"files": {"collect_list": files}}},
    }


def agent_config_json() -> str:
    """The configuration as text."""
    return json.dumps(agent_config(), indent=2) + "\n"

"""What the server is told about the infrastructure: one parameter with names, ids and ARNs, and no secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi

from blueprints.server import BackupPlace, BundlePlace, HostParameters

if TYPE_CHECKING:
    from blueprints.topologies.single_server.blueprint import SingleServer


def host_parameters(of: SingleServer) -> pulumi.Output[str]:
    """The parameter's value, from the parts that stand."""
    known = pulumi.Output.all(
        region=of.here.region,
        bundles=of.bundles.bucket_name,
        version=of.content.version,
        volume=of.data.volume_id,
        secrets=pulumi.Output.all(**of.all_secrets),
        backups=of.backups.bucket_name,
        key=of.encryption,
        containers=of.containers_log.group_name,
        host=of.host_log.group_name,
    )
    return known.apply(lambda values: _text(of.name, values))


def _text(server: str, values: dict[str, Any]) -> str:
    return HostParameters(
        region=values["region"],
        server=server,
        bundle=BundlePlace(values["bundles"], values["version"]),
        backup=BackupPlace(values["backups"], values["key"]),
        data_volume_id=values["volume"],
        secrets=values["secrets"],
        logs={"containers": values["containers"], "host": values["host"]},
    ).to_json()

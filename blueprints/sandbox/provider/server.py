"""The gRPC server: port on standard output, loopback only, gone when the engine is gone."""

from __future__ import annotations

import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from blueprints.sandbox.provider.guard import Run
from blueprints.sandbox.provider.rpc import grpc, provider_grpc

_WORKERS = 8
_PARENT_CHECK_SECONDS = 0.5


def serve(package: str, run: Run) -> None:
    """Serves `package` until the engine ends it, or ends itself."""
    from blueprints.sandbox.provider.service import ProviderService

    parent = os.getppid()
    # An engine sends states with whole files in them; gRPC's 4 MiB limit is not AWS's.
    options = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1), ("grpc.so_reuseport", 0)]
    server = grpc.server(ThreadPoolExecutor(max_workers=_WORKERS), options=options)
    provider_grpc.add_ResourceProviderServicer_to_server(ProviderService(package, run), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    while os.getppid() == parent:
        time.sleep(_PARENT_CHECK_SECONDS)
    server.stop(grace=0.2)
    # Worker threads must not keep a provider alive whose engine has gone.
    time.sleep(0.05)
    sys.stdout.flush()
    os._exit(0)

"""The protocol's messages and stubs, loaded without the rest of the Pulumi SDK.

`import pulumi` runs the SDK's instrumentation and pulls in everything that a *program* needs: about 150 ms, paid again
for each package of each preview. A provider needs the generated modules alone, so they are loaded as the SDK ships
them, with empty parent packages in place of the SDK's own, unless the SDK is already imported (in tests).
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any


def _bare_package(name: str, folder: Path) -> None:
    if name not in sys.modules:
        package = ModuleType(name)
        package.__path__ = [str(folder)]
        sys.modules[name] = package


def _load_generated(*names: str) -> list[Any]:
    if "pulumi" not in sys.modules:
        spec = importlib.util.find_spec("pulumi")
        if spec is None or not spec.submodule_search_locations:
            raise ImportError("the Pulumi SDK is not installed for this interpreter; run `pip install pulumi`")
        root = Path(next(iter(spec.submodule_search_locations)))
        for name in ("pulumi", "pulumi.runtime", "pulumi.runtime.proto"):
            _bare_package(name, root.joinpath(*name.split(".")[1:]))
        try:
            return [importlib.import_module(f"pulumi.runtime.proto.{name}") for name in names]
        finally:
            # A later `import pulumi` in this process must get the real package.
            for name in ("pulumi", "pulumi.runtime", "pulumi.runtime.proto"):
                sys.modules.pop(name, None)
    return [importlib.import_module(f"pulumi.runtime.proto.{name}") for name in names]


struct_pb2: Any = importlib.import_module("google.protobuf.struct_pb2")
empty_pb2: Any = importlib.import_module("google.protobuf.empty_pb2")
plugin_pb2, provider_pb2, provider_grpc, engine_pb2, engine_grpc = _load_generated(
    "plugin_pb2", "provider_pb2", "provider_pb2_grpc", "engine_pb2", "engine_pb2_grpc"
)
grpc: Any = importlib.import_module("grpc")

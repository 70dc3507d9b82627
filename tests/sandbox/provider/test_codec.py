"""Property values survive the wire in both directions, whatever they are."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from blueprints.sandbox.provider.codec import SENTINELS, decode, encode, encode_value
from blueprints.sandbox.provider.rpc import struct_pb2
from blueprints.sandbox.provider.values import (
    Archive,
    Asset,
    OutputValue,
    ResourceReference,
    Secret,
    Unknown,
    format_path,
    reveal,
    seal,
    secret_paths,
    unseal,
)

NAMES = st.text(st.characters(codec="utf-8"), max_size=8)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False).filter(lambda number: not number.is_integer())
    | st.text(st.characters(codec="utf-8"), max_size=20)
    | st.sampled_from([Unknown(kind) for kind in SENTINELS.values()])
    | st.builds(Asset, text=NAMES, hash=NAMES)
    | st.builds(Asset, path=NAMES)
    | st.builds(Asset, uri=NAMES)
    | st.builds(Archive, path=NAMES, hash=NAMES)
    | st.builds(Archive, assets=st.dictionaries(NAMES, st.builds(Asset, text=NAMES), max_size=3))
    | st.builds(ResourceReference, urn=NAMES, id=st.none() | NAMES | st.just(Unknown()), version=NAMES)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(NAMES, inner, max_size=4)
        | st.builds(Secret, inner)
        | st.builds(OutputValue, inner, secret=st.booleans(), dependencies=st.lists(NAMES, max_size=2).map(tuple))
        | st.builds(OutputValue, st.none(), known=st.just(False), secret=st.booleans())
    ),
    max_leaves=12,
)


@given(st.dictionaries(NAMES, VALUES, max_size=5))
def test_every_value_comes_back_as_it_was(properties: dict[str, Any]) -> None:
    wire = struct_pb2.Struct.FromString(encode(properties).SerializeToString())
    assert decode(wire) == properties


@given(st.dictionaries(st.text(min_size=1, max_size=5), VALUES, max_size=4))
def test_sealing_again_gives_the_same_plain_value_and_the_same_secret_places(properties: dict[str, Any]) -> None:
    opened = unseal(properties)
    sealed = seal(opened.value, opened.secret_paths)
    assert reveal(sealed) == opened.value
    assert set(secret_paths(sealed)) == set(opened.secret_paths)


def test_whole_numbers_arrive_as_integers_and_large_ones_do_not_change() -> None:
    wire = encode({"port": 443, "half": 0.5, "large": 2.0**60})
    assert decode(wire) == {"port": 443, "half": 0.5, "large": 2.0**60}
    assert type(decode(wire)["port"]) is int


def test_a_secret_never_shows_in_a_representation() -> None:
    assert "hunter2" not in repr(Secret("hunter2"))


def test_unknown_values_of_each_kind_have_the_wires_own_text() -> None:
    assert encode_value(Unknown("boolean")).string_value == "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7"
    assert encode_value(Unknown()).string_value == "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def test_assets_are_the_same_when_their_content_is() -> None:
    assert Asset(text="a").content_hash() == Asset(text="a").content_hash() != Asset(text="b").content_hash()
    one, other = Archive({"f": Asset(text="a")}), Archive({"f": Asset(text="b")})
    assert one.content_hash() != other.content_hash()


def test_paths_are_written_as_pulumi_writes_them() -> None:
    assert format_path(("ingress", 0, "fromPort")) == "ingress[0].fromPort"
    assert format_path(("tags", 'a.b"c')) == 'tags["a.b\\"c"]'

"""Values that mean the same are no change, and values that do not are one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blueprints.sandbox.provider.equality import same
from blueprints.sandbox.provider.values import Archive, Asset

JSON = st.recursive(
    st.booleans() | st.integers(-5, 5) | st.text("ab-1", max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("xy", max_size=2), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("8080", 8080, "port"),
        ("true", True, "enabled"),
        (5.0, 5, "size"),
        ("-1", "all", "protocol"),
        ('{"a": 1, "b": [2]}', '{"b":[2],"a":1}', "dashboardBody"),
        (
            '{"Statement":[{"Action":["s3:*"],"Effect":"Allow"}]}',
            '{"Statement":{"Effect":"Allow","Action":"s3:*"}}',
            "policy",
        ),
        ('{"Statement":[{"Action":["a","b"]}]}', '{"Statement":[{"Action":["b","a"]}]}', "assumeRolePolicy"),
        (Asset(path="a", hash="1"), Asset(path="b", hash="1"), "source"),
    ],
)
def test_the_same(old: Any, new: Any, name: str) -> None:
    assert same(old, new, name)
    assert same(new, old, name)


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("8080", 8081, "port"),
        (True, 1, "flag"),
        ("-1", "all", "name"),
        ('{"a": 1}', '{"a":1}', "userData"),
        ('{"Statement":[{"Action":"a"}]}', '{"Statement":[{"Action":"b"}]}', "policy"),
        ("not json", "not  json", "policy"),
        (["a", "b"], ["b", "a"], "layers"),
        (["a"], ["a", "a"], "layers"),
        (Asset(hash="1"), Asset(hash="2"), "source"),
        (Asset(hash="1"), Archive(hash="1"), "source"),
        ({"a": 1}, {"b": 1}, "x"),
    ],
)
def test_not_the_same(old: Any, new: Any, name: str) -> None:
    assert not same(old, new, name)


@given(st.lists(JSON, max_size=5), st.randoms())
def test_a_set_is_the_same_in_any_order_and_not_with_something_more(items: list[Any], random: Any) -> None:
    shuffled = list(items)
    random.shuffle(shuffled)
    assert same(items, shuffled, "cidrBlocks", as_set=True)
    assert not same(items, [*shuffled, "more"], "cidrBlocks", as_set=True)

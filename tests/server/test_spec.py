"""Wrong settings of the server bundle, each with path, value, limit and fix; whatever is given, never a traceback."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blueprints.errors import SettingsError
from blueprints.server import BundleSpec, render_bundle

GOOD: dict[str, Any] = {"app": {"image": "registry.example.com/shop:1.4.2"}, "domains": ["shop.example.com"]}


def merged(base: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    found = dict(base)
    for key, value in change.items():
        old = found.get(key)
        found[key] = merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return found


WRONG: list[tuple[dict[str, Any], str, str, str]] = [
    ({"app": {"image": "shop"}}, "args.app.image", "must be pinned", "add a version tag or a digest"),
    ({"app": {"image": "shop:latest"}}, "args.app.image", "must be pinned", "add a version tag or a digest"),
    ({"app": {"image": "Shop Image:1"}}, "args.app.image", "must be an image reference", "registry.example.com"),
    ({"app": {"image": "shop@sha256:abc"}}, "args.app.image", "must be an image reference", "registry.example.com"),
    ({"app": {"port": 80}}, "args.app.port", "must be above 1023", "listen on 8000"),
    ({"app": {"port": 70000}}, "args.app.port", "must be at most 65535", "use 65535 or less"),
    ({"app": {"port": "8000"}}, "args.app.port", "must be a whole number", "without quotes"),
    ({"app": {"user": "root"}}, "args.app.user", "must be a numeric user id other than 0", "10001:10001"),
    ({"app": {"user": "0:0"}}, "args.app.user", "must be a numeric user id other than 0", "10001:10001"),
    ({"app": {"memory": "512"}}, "args.app.memory", "must be a size", "512MB"),
    ({"app": {"memory": "1MB"}}, "args.app.memory", "must be from 16MB to 64GB", "16MB"),
    ({"app": {"cpus": 0.0}}, "args.app.cpus", "must be at least 0.05", "use 0.05 or more"),
    ({"app": {"health_path": "health"}}, "args.app.health_path", "must be a path that begins with /", "/health"),
    ({"app": {"health_path": "/health?x"}}, "args.app.health_path", "must be a path", "/health"),
    ({"app": {"login_paths": ["/a b"]}}, "args.app.login_paths[0]", "must be a path", "/health"),
    ({"app": {"secrets": ["SMTP"]}}, "args.app.secrets[0]", "must be lower-case letters", "smtp_password"),
    ({"app": {"secrets": ["a", "a"]}}, "args.app.secrets[1]", "is listed twice", "keep one"),
    ({"app": {"secrets": ["db_password"]}}, "args.app.secrets[0]", "is the bundle's own", "another name"),
    (
        {"app": {"environment": {"DB_PASSWORD": "x"}}},
        "args.app.environment.DB_PASSWORD",
        "must not hold a secret",
        "_FILE",
    ),
    (
        {"app": {"environment": {"API_TOKEN": "x"}}},
        "args.app.environment.API_TOKEN",
        "must not hold a secret",
        "secrets",
    ),
    ({"app": {"imgae": "x:1"}}, "args.app.imgae", "image", "image"),
    ({"domains": ["https://shop.example.com"]}, "args.domains[0]", "must be a domain name", "app.example.com"),
    ({"domains": ["Shop.example.com"]}, "args.domains[0]", "must be a domain name", "app.example.com"),
    ({"domains": ["a.example.com", "a.example.com"]}, "args.domains[1]", "is listed twice", "keep one"),
    ({"domains": []}, "args.domains", "must name the server for tls.mode acme", "self_signed"),
    ({"tls": {"mode": "letsencrypt"}}, "args.tls.mode", "must be one of", "choose one"),
    ({"tls": {"directory": "http://ca.example.com"}}, "args.tls.directory", "must be an https URL", "letsencrypt"),
    ({"tls": {"mode": "provided", "email": "a@example.com"}}, "args.tls.email", "only used in mode acme", "remove it"),
    ({"tls": {"email": "someone"}}, "args.tls.email", "must be an e-mail address", "ops@example.com"),
    ({"keycloak": {"path": "/"}}, "args.keycloak.path", "must not be / without a hostname", "/auth"),
    (
        {"keycloak": {"hostname": "shop.example.com"}},
        "args.keycloak.hostname",
        "is also the application's",
        "leave hostname",
    ),
    (
        {"keycloak": {"admin_allow": ["0.0.0.0/0"]}},
        "args.keycloak.admin_allow[0]",
        "must not be the whole internet",
        "VPN",
    ),
    (
        {"keycloak": {"admin_allow": ["10.0.0.1/8"]}},
        "args.keycloak.admin_allow[0]",
        "must be the first address",
        "10.0.0.0/8",
    ),
    ({"keycloak": {"database": "app"}}, "args.keycloak.database", "must not be the application's database", "keycloak"),
    ({"keycloak": {"memory": "256MB"}}, "args.keycloak.memory", "must be from 640MB to 16GB", "640MB"),
    ({"keycloak": {"environment": {"FOO": "x"}}}, "args.keycloak.environment.FOO", "must be a Keycloak option", "KC_"),
    (
        {"keycloak": {"environment": {"KC_DB_PASSWORD": "x"}}},
        "args.keycloak.environment.KC_DB_PASSWORD",
        "must not hold a secret",
        "remove it",
    ),
    (
        {"keycloak": {}, "app": {"health_path": "/auth/health"}},
        "args.app.health_path",
        "lies under keycloak.path",
        "another",
    ),
    ({"keycloak": {}, "postgres": None}, "args.postgres", "is needed by keycloak", "remove"),
    ({"postgres": None}, "args.postgres", "is needed by app.database", "app.database: false"),
    ({"postgres": {"database": "template1"}}, "args.postgres.database", "is PostgreSQL's own", "app"),
    ({"postgres": {"database": "App-DB"}}, "args.postgres.database", "must be a PostgreSQL name", "app"),
    ({"postgres": {"user_id": 0}}, "args.postgres.user_id", "must be at least 1", "use 1 or more"),
    (
        {"postgres": {"parameters": {"shared_buffers": "1GB"}}},
        "args.postgres.parameters.shared_buffers",
        "set by",
        "memory",
    ),
    (
        {"postgres": {"parameters": {"Work Mem": "1"}}},
        "args.postgres.parameters.Work Mem",
        "must be a parameter",
        "work_mem",
    ),
    ({"backup": {"time": "3:15"}}, "args.backup.time", "must be a time of day", "03:15"),
    ({"backup": {"alarm_after": "1h"}}, "args.backup.alarm_after", "must be from 25h to 30d", "25h"),
    ({"nginx": {"max_body": "10GB"}}, "args.nginx.max_body", "must be from 1MB to 4GB", "4GB"),
    ({"nginx": {"response_timeout": "60"}}, "args.nginx.response_timeout", "must be a duration", "30s"),
    (
        {"nginx": {"content_security_policy": ""}},
        "args.nginx.content_security_policy",
        "must not be empty",
        "default-src",
    ),
    (
        {"nginx": {"content_security_policy": 'a "b"'}},
        "args.nginx.content_security_policy",
        "must be one line",
        "quote",
    ),
    (
        {"nginx": {"content_security_policy": "a;\nadd"}},
        "args.nginx.content_security_policy",
        "must be one line",
        "quote",
    ),
    ({"nginx": {"trusted_proxies": ["0.0.0.0/0"]}}, "args.nginx.trusted_proxies[0]", "must not be the whole", "CDN"),
    ({"nginx": {"frame_options": "ALLOW"}}, "args.nginx.frame_options", "must be one of", "choose"),
    (
        {"nginx": {"rate_limits": {"login": {"per_minute": 6000, "burst": 1}}}},
        "args.nginx.rate_limits.login.per_minute",
        "must not be above general.per_minute",
        "1200",
    ),
    ({"nginx": {"rate_limits": {"connections": 0}}}, "args.nginx.rate_limits.connections", "must be at least 1", "1"),
    ({"release": "canary"}, "args.release", "must be one of", "choose"),
    ({"container_subnet": "172.30.0.0/24"}, "args.container_subnet", "must be an IPv4 range from /16 to /22", "172.30"),
    ({"container_subnet": "8.8.0.0/16"}, "args.container_subnet", "must be a private range", "172.30"),
    ({"static": "public", "static_path": "/static"}, "args.static_path", "must end with /", "/static/"),
    ({"services": [{"name": "app", "image": "a:1"}]}, "args.services[0].name", "bundle's own services", "another"),
    (
        {"services": [{"name": "w", "image": "a:1"}, {"name": "w", "image": "a:1"}]},
        "args.services[1].name",
        "twice",
        "rename",
    ),
    ({"services": [{"name": "Worker", "image": "a:1"}]}, "args.services[0].name", "must be lower-case", "worker"),
]
for option, value in {
    "privileged": True,
    "network_mode": "host",
    "pid": "host",
    "cap_add": ["SYS_ADMIN"],
    "devices": ["/dev/sda"],
    "security_opt": ["seccomp:unconfined"],
    "env_file": ".env",
}.items():
    service = {"name": "worker", "image": "a:1", "options": {option: value}}
    WRONG.append(({"services": [service]}, f"args.services[0].options.{option}", "is refused", "remove it"))
for volume in ("/var/run/docker.sock:/var/run/docker.sock", "/:/host", "./x:/y", "${HOME}:/y", "~/x:/y"):
    service = {"name": "worker", "image": "a:1", "options": {"volumes": [volume]}}
    WRONG.append(({"services": [service]}, "args.services[0].options.volumes[0]", "must not mount a path", "data_path"))
for port in ("9000:9000", "0.0.0.0:9000:9000"):
    service = {"name": "worker", "image": "a:1", "options": {"ports": [port]}}
    WRONG.append(
        ({"services": [service]}, "args.services[0].options.ports[0]", "must be bound to 127.0.0.1", "127.0.0.1:")
    )


@pytest.mark.parametrize(("change", "path", "limit", "fix"), WRONG)
def test_a_wrong_setting_is_named_with_its_limit_and_fix(
    change: dict[str, Any], path: str, limit: str, fix: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        BundleSpec.load(merged(GOOD, change))
    problem = next(problem for problem in caught.value.problems if problem.path == path)
    assert limit in f"{problem.limit} {problem.fix}"
    assert fix in f"{problem.fix} {problem.limit}"


def test_every_wrong_setting_is_reported_at_once() -> None:
    change = {"app": {"port": 80}, "tls": {"mode": "x"}, "backup": {"time": "noon"}, "release": "rings"}
    with pytest.raises(SettingsError) as caught:
        BundleSpec.load(merged(GOOD, change))
    paths = {problem.path for problem in caught.value.problems}
    assert paths == {"args.app.port", "args.tls.mode", "args.backup.time", "args.release"}


def test_a_secret_in_the_environment_is_not_printed() -> None:
    with pytest.raises(SettingsError) as caught:
        BundleSpec.load(merged(GOOD, {"app": {"environment": {"DB_PASSWORD": "planted-value"}}}))
    assert "planted-value" not in str(caught.value)


def test_a_variable_that_names_a_file_or_an_address_is_no_secret() -> None:
    environment = {"TOKEN_FILE": "/run/secrets/x", "TOKEN_URL": "https://x", "API_KEY": "/run/secrets/api_key"}
    spec = BundleSpec.load(merged(GOOD, {"app": {"environment": environment}}))
    assert spec.app.environment == environment


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(field=st.sampled_from(sorted(BundleSpec.model_fields)), value=values)
def test_any_value_is_accepted_or_refused_in_words(field: str, value: Any) -> None:
    try:
        spec = BundleSpec.load({**GOOD, field: value})
    except SettingsError as error:
        assert error.problems
        return
    if spec.static is None and not (spec.keycloak and spec.keycloak.realm_file):
        assert len(render_bundle(spec).version) == 64


@given(
    part=st.sampled_from(["app", "keycloak", "postgres", "nginx", "tls", "backup"]),
    key=st.text(max_size=12),
    value=values,
)
def test_any_field_of_a_part_is_accepted_or_refused_in_words(part: str, key: str, value: Any) -> None:
    try:
        BundleSpec.load(merged(GOOD, {part: {key: value}}))
    except SettingsError as error:
        assert all(problem.path.startswith("args") for problem in error.problems)

"""nginx's configuration: TLS, redirects, headers, limits, and the ways to the application and to Keycloak.

Two things keep it free of surprises. Every `add_header` stands at server level and takes its value from a map of the
path, so that no location can lose one. Limits count a key that a map leaves empty where they do not apply, so that
no location needs a limit of its own.
"""

from __future__ import annotations

import re

from blueprints.server.addresses import Addresses
from blueprints.server.spec import BundleSpec, KeycloakSpec
from blueprints.server.spec.types import nginx_size
from blueprints.server.template import indent, read, render

HTTP_PORT = 8080
HTTPS_PORT = 8443
"""Ports inside the container, above 1023 because nginx is not root there; published as 80 and 443."""

KEYCLOAK_PORT = 8080

# Keycloak's pages run inline scripts and its consoles frame themselves; what leads away stays closed.
_KEYCLOAK_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "frame-src 'self'; frame-ancestors 'self'; form-action 'self'{origins}; base-uri 'self'; object-src 'none'"
)
_TLS_LISTEN = f"listen {HTTPS_PORT} ssl http2"


def nginx_files(spec: BundleSpec) -> dict[str, str]:
    """The configuration as files below the folder that the container mounts."""
    nginx = spec.nginx
    limits = nginx.rate_limits
    return {
        "nginx.conf": render(
            "nginx/nginx.conf",
            name=spec.name,
            environment=spec.environment,
            drain_timeout=nginx.drain_timeout,
            http_servers=indent(_http_servers(spec), 4),
            https_servers=indent(_https_servers(spec), 4),
        ),
        "logging.conf": read("nginx/logging.conf"),
        "limits.conf": render(
            "nginx/limits.conf",
            general_rate=limits.general.per_minute,
            general_burst=limits.general.burst,
            login_rate=limits.login.per_minute,
            login_burst=limits.login.burst,
            admin_rate=limits.admin.per_minute,
            admin_burst=limits.admin.burst,
            connections=limits.connections,
            max_body=nginx_size(nginx.max_body),
            header_timeout=nginx.header_timeout,
            body_timeout=nginx.body_timeout,
            response_timeout=nginx.response_timeout,
            real_ip=_real_ip(nginx.trusted_proxies),
        ),
        "tls.conf": read("nginx/tls.conf"),
        "maps.conf": _maps(spec),
        "upstreams.conf": _upstreams(spec),
        "security-headers.conf": render(
            "nginx/security-headers.conf", hsts_subdomains="; includeSubDomains" if nginx.hsts_subdomains else ""
        ),
        "proxy.conf": render("nginx/proxy.conf", response_timeout=nginx.response_timeout),
        "snippets/http.conf": _snippet(nginx.snippets.http),
        "snippets/server.conf": _snippet(nginx.snippets.server),
        "snippets/app.conf": _snippet(nginx.snippets.app),
    }


def upstream_server(spec: BundleSpec, service: str) -> str:
    """The line that leads nginx to one colour of the application."""
    # With one server there is no other to try: counting failures would only add refusals to them.
    return f"server {Addresses(spec.container_subnet).on_edge(service)}:{spec.app.port} max_fails=0;\n"


def _snippet(text: str) -> str:
    return f"# Own directives from the settings.\n{text.rstrip()}\n" if text.strip() else "# Nothing set.\n"


def _real_ip(proxies: list[str]) -> str:
    if not proxies:
        return ""
    trusted = "".join(f"set_real_ip_from {cidr};\n" for cidr in proxies)
    return f"\n# Only these may say who the client is.\n{trusted}real_ip_header X-Forwarded-For;\nreal_ip_recursive on;"


def _maps(spec: BundleSpec) -> str:
    login = [f"    ~^{re.escape(path.rstrip('/'))}(?:/|$) $binary_remote_addr;\n" for path in spec.app.login_paths]
    admin = policy = frames = ""
    if spec.keycloak:
        prefix = re.escape(spec.keycloak.prefix)
        login.append(
            f"    ~^{prefix}/realms/[^/]+/(?:login-actions/|broker/|protocol/openid-connect/(?:auth|token)(?:/|$)) "
            "$binary_remote_addr;\n"
        )
        admin = f"    ~^{prefix}/(?:admin|realms/master)(?:/|$) $binary_remote_addr;\n"
        # With a host of its own Keycloak has every path there; otherwise its path on whichever host.
        hostname = spec.keycloak.hostname
        under = f"~^{re.escape(hostname)}/" if hostname else f"~^[^/]*{prefix}/"
        policy = f'    {under} "{_keycloak_policy(spec)}";\n'
        frames = f"    {under} SAMEORIGIN;\n"
    return render(
        "nginx/maps.conf",
        login_paths="".join(login),
        admin_paths=admin,
        content_security_policy=spec.nginx.content_security_policy,
        keycloak_content_security_policy=policy,
        frame_options=spec.nginx.frame_options,
        keycloak_frame_options=frames,
    )


def _keycloak_policy(spec: BundleSpec) -> str:
    # A login ends with a redirect to the application, which browsers hold against form-action.
    elsewhere = spec.keycloak is not None and spec.keycloak.hostname is not None
    origins = "".join(f" https://{name}" for name in spec.domains) if elsewhere else ""
    return _KEYCLOAK_POLICY.format(origins=origins)


def _upstreams(spec: BundleSpec) -> str:
    if spec.release == "blue_green":
        # Outside the bundle: the agent writes it at each switch and reloads nginx.
        app = "    include /etc/nginx/upstream/app.conf;\n"
    else:
        app = f"    {upstream_server(spec, 'app')}"
    blocks = [("app", app)]
    if spec.keycloak:
        address = Addresses(spec.container_subnet).on_edge("keycloak")
        blocks.append(("keycloak", f"    server {address}:{KEYCLOAK_PORT} max_fails=0;\n"))
    return "\n".join(
        f"upstream {name} {{\n    zone {name} 64k;\n{server}    keepalive 64;\n}}\n" for name, server in blocks
    )


def _http_servers(spec: BundleSpec) -> str:
    challenge = (
        "    location /.well-known/acme-challenge/ {\n"
        "        root /var/www/acme;\n"
        "        default_type text/plain;\n"
        "    }\n"
    )
    redirect = "    location / {{\n        return 301 https://{host}$request_uri;\n    }}\n"
    head = f"server {{\n    listen {HTTP_PORT}"
    if not spec.certificate_names:
        return f"{head} default_server;\n    server_name _;\n{challenge}{redirect.format(host='$host')}}}\n"
    servers = [f"{head} default_server;\n    server_name _;\n    access_log off;\n    return 444;\n}}\n"]
    for name in spec.certificate_names:
        # A fixed name in the redirect: what the client wrote into Host never comes back to it.
        target = spec.host if name in spec.domains else name
        servers.append(f"{head};\n    server_name {name};\n{challenge}{redirect.format(host=target)}}}\n")
    return "".join(servers)


def _https_servers(spec: BundleSpec) -> str:
    servers: list[str] = []
    name = "_"
    listen = f"{_TLS_LISTEN} default_server;"
    if spec.certificate_names:
        # Scanners that only know the address learn nothing, not even that a site is here.
        servers.append(
            f"server {{\n    {listen}\n    server_name _;\n    include security-headers.conf;\n"
            "    access_log off;\n    return 444;\n}\n"
        )
        listen = f"{_TLS_LISTEN};"
    for other in spec.domains[1:]:
        servers.append(
            f"server {{\n    {listen}\n    server_name {other};\n    include security-headers.conf;\n"
            f"    location / {{\n        return 301 https://{spec.host}$request_uri;\n    }}\n}}\n"
        )
    name = spec.host or name
    keycloak = spec.keycloak
    shared = _keycloak_locations(keycloak) if keycloak and keycloak.hostname is None else ""
    body = f"{_health(spec)}{shared}{_static(spec)}{_app(spec)}"
    body += "# Own directives from the settings.\ninclude snippets/server.conf;\n"
    if spec.host or not spec.certificate_names:
        servers.append(_server(listen, name, body))
    if keycloak and keycloak.hostname:
        servers.append(_server(listen, keycloak.hostname, _keycloak_locations(keycloak)))
    return "\n".join(servers)


def _server(listen: str, name: str, body: str) -> str:
    head = f"    {listen}\n    server_name {name};\n    include security-headers.conf;\n\n"
    return f"server {{\n{head}{indent(body, 4)}}}\n"


def _health(spec: BundleSpec) -> str:
    return (
        "# Answers 200 only while nginx and the application both work.\n"
        "location = /health {\n    access_log off;\n"
        f"    proxy_pass http://app{spec.app.health_path};\n    include proxy.conf;\n}}\n"
    )


def _app(spec: BundleSpec) -> str:
    location = "@app" if spec.static is not None and spec.static_path == "/" else "/"
    inside = "    proxy_pass http://app;\n    include proxy.conf;\n    include snippets/app.conf;\n"
    return f"location {location} {{\n{inside}}}\n"


def _static(spec: BundleSpec) -> str:
    if spec.static is None:
        return ""
    fallback = "@app" if spec.static_path == "/" else "=404"
    index = "$uri/index.html " if spec.static_path == "/" else ""
    return (
        f"location {spec.static_path} {{\n"
        "    root /srv/www;\n"
        f"    try_files $uri {index}{fallback};\n"
        "    open_file_cache max=1000 inactive=20s;\n"
        "    open_file_cache_valid 10s;\n"
        "    expires 1h;\n"
        "    charset utf-8;\n"
        "    charset_types text/css text/plain text/xml application/javascript application/json image/svg+xml;\n"
        "    # Static text only: compressing secrets beside what a client sent would leak them (BREACH).\n"
        "    gzip on;\n"
        "    gzip_vary on;\n"
        "    gzip_min_length 1024;\n"
        "    gzip_types text/css text/plain application/javascript application/json image/svg+xml;\n"
        "}\n"
    )


def _keycloak_locations(keycloak: KeycloakSpec) -> str:
    """Only realms and their resources are open. A `;` begins a matrix parameter, which Keycloak would skip: with one,
    a path means something else to Keycloak than to nginx, so none with it is let through."""
    prefix = re.escape(keycloak.prefix)
    allowed = "".join(f"    allow {cidr};\n" for cidr in keycloak.admin_allow)
    proxy = "    proxy_pass http://keycloak;\n    include proxy.conf;\n"
    return (
        "# Keycloak: closed but for what is listed.\n"
        f"location {keycloak.prefix}/ {{\n    deny all;\n}}\n"
        f'location ~ "^{prefix}/resources/[^;]*$" {{\n{proxy}}}\n'
        f'location ~ "^{prefix}/realms/(?!master(?:/|$))[^/;]+(?:/[^;]*)?$" {{\n{proxy}}}\n'
        "# The admin console and the master realm.\n"
        f'location ~ "^{prefix}/(?:admin|realms/master)(?:/[^;]*)?$" {{\n{allowed}    deny all;\n{proxy}}}\n'
    )

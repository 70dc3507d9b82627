#!/bin/bash
# First boot: packages, then the bundle. Run again by systemd until it succeeds; every step can be repeated.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
packages=(
  amazon-ecr-credential-helper certbot docker-buildx docker-compose-v2 docker.io
  python3-boto3 unattended-upgrades xfsprogs
)
if ! dpkg-query --show "${packages[@]}" >/dev/null 2>&1; then
  apt-get -o DPkg::Lock::Timeout=600 update -qq
  apt-get -o DPkg::Lock::Timeout=600 install -y -qq --no-install-recommends "${packages[@]}"
fi
# Renewal belongs to the agent, which reloads nginx afterwards.
systemctl disable --now certbot.timer
exec /usr/bin/python3 /opt/blueprints/bootstrap/fetch.py

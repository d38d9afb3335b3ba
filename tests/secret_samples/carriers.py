"""Texts that secrets are found in: settings, manifests, programs, commands, logs."""

from __future__ import annotations

import json
import re

CARRIERS: tuple[tuple[str, str], ...] = (
    ("app/.env", "DEBUG=1\n{NAME}={secret}\nPORT=8080\n"),
    ("app/settings.py", 'import os\n\n{NAME} = "{secret}"\nDEBUG = False\n'),
    ("deploy/config.yaml", "service:\n  url: https://api.internal.org\n  {name}: {secret}\n"),
    ("app/config.json", '{{\n  "name": "shop",\n  "{camel}": {json}\n}}\n'),
    ("deploy/env.sh", '#!/bin/sh\nexport {NAME}="{secret}"\nexec "$@"\n'),
    ("Dockerfile", "FROM debian:12\nENV {NAME}={secret}\nUSER app\n"),
    ("app/static/app.min.js", '!function(){{var e={{debug:!1,{camel}:"{secret}",v:3}};n(e)}}();'),
    ("deploy/pod.yaml", 'env:\n  - name: {NAME}\n    value: "{secret}"\n'),
    ("app/main.go", 'package main\n\nconst {camel} = "{secret}"\n'),
    ("app/app.ini", "[shop]\nurl = https://api.internal.org\n{name} = {secret}\n"),
    ("app/web.config", '<appSettings><add key="{NAME}" value="{secret}" /></appSettings>\n'),
    ("app/Client.java", '    private static final String {NAME} = "{secret}";\n'),
    ("deploy/main.tf", 'provider "x" {{\n  {name} = "{secret}"\n}}\n'),
    ("app/config.xml", "<config>\n  <{camel}>{secret}</{camel}>\n</config>\n"),
    ("Dockerfile", "FROM debian:12\nENV {NAME} {secret}\n"),
    ("app/run.js", "const key = process.env.{NAME} || '{secret}';\n"),
    ("app/config.php", "<?php\nreturn [\n    '{name}' => '{secret}',\n];\n"),
    ("app/boot.rb", 'ENV["{NAME}"] = "{secret}"\n'),
    ("app/app.properties", "shop.debug=false\nshop.{name}={secret}\n"),
    ("deploy/start.sh", "shop serve --{kebab} {secret} --port 80\n"),
    ("app/settings.toml", "[shop]\n{name} = '{secret}'\n"),
    ("app/debug.log", "2025-03-01T10:00:00Z INFO shop: {name}={secret} loaded\r\n"),
    ("app/test.http", '"{{\\"{camel}\\":\\"{secret}\\"}}"\n'),
    ("app/typed.py", 'class Settings:\n    {name}: str = "{secret}"\n'),
    ("image configuration", "PATH=/usr/bin:/bin\n{NAME}={secret}\n"),
)
BARE: tuple[tuple[str, str], ...] = (
    ("app/notes.txt", "the key is {secret}, do not lose it\n"),
    ("app/cache.bin", "\0\0{secret}\0\0\0"),
    ("app/debug.log", "GET /v1/items?sig={secret}&page=2 200\n"),
)
"""What needs a secret that is told by itself."""


def carried(carrier: str, name: str, secret: str) -> str:
    """Return a carrier with a secret in it, under a name in the carrier's way of writing."""
    words = re.split("[_-]", name.lower())
    camel = words[0] + "".join(word.title() for word in words[1:])
    return carrier.format(
        NAME=name.upper(), name="_".join(words), camel=camel, kebab="-".join(words),
        secret=secret, json=json.dumps(secret),
    )  # fmt: skip

"""Small files as package managers and applications write them."""

from __future__ import annotations

APP = "var/lib/flatpak/app/org.gimp.GIMP/x86_64/stable/abc/files/share/metainfo/{}"

CONTENTS = b"""dir /usr
obj /usr/bin/open ssl d41d8cd98f00b204e9800998ecf8427e 1700000000
sym /usr/lib/libssl.so -> libssl.so.3 1700000000
"""

INVENTORY = b"""{"Content": [
  {"Name": "glibc", "Publisher": "bottlerocket-core-kit", "Version": "2.40",
   "Release": "1.1740525475.e3a5862c.br1", "Epoch": "1", "Architecture": "x86_64"},
  {"Name": "systemd", "Version": "252.22", "Release": "1.br1", "Epoch": "0"}]}"""

PLUGIN = b"""<?php
/**
 * Plugin Name:       Akismet Anti-spam
 * Version: 5.3.1
 * License:  GPL-2.0+ */
"""

QUERY = b"""# os-release
ID=ubuntu
# dpkg-query
ii ,libssl3t64:amd64,3.0.13-0ubuntu3.4,openssl,3.0.13-0ubuntu3.4
rc ,gone,1.0,gone,1.0
ii ,bash,0:5.2.21-2ubuntu4,bash,5.2.21-2ubuntu4
"""

RECEIPT = b"""{"homebrew_version": "4.3.1", "arch": "x86_64", "poured_from_bottle": true,
 "source": {"spec": "stable", "tap": "homebrew/core", "versions": {"stable": "1.67.0"}}}"""

SNAP = b"""name: firefox
version: '128.0-2'   # quoted
summary: A browser
architectures:
  - amd64
license: MPL-2.0
apps:
  firefox:
    name: not this one
"""

THEME = b"/*\nTheme Name: Twenty Twenty-Four\nVersion: 1.0\n*/\nbody { Version: none }\n"

WALL = b"""{"jsonwall":"1.0","schema":"1.0","count":4}
{"kind":"content","slice":"libssl3t64_libs","path":"/usr/lib/x86_64-linux-gnu/libssl.so.3"}
{"kind":"content","slice":"base-files_base","path":"/etc/"}
{"kind":"package","name":"libssl3t64","version":"3.0.13-0ubuntu3.4","sha256":"ab","arch":"amd64"}
{"kind":"path","path":"/usr/lib/x86_64-linux-gnu/libssl.so.3","mode":"0644","size":10}
{"kind":"slice","name":"libssl3t64_libs"}
"""

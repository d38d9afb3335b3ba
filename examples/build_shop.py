"""Build examples/shop.tar: a small image archive with the metadata of known-vulnerable packages.

Nothing in it can run: it holds what a scanner reads (package databases, metadata, archives with
their manifests, the build information of a Go program), written from lists of names and versions.
The same bytes come out of every run.

    python examples/build_shop.py
"""

from __future__ import annotations

import hashlib
import io
import json
import struct
import tarfile
import zipfile
from pathlib import Path

HERE = Path(__file__).parent
CREATED = "2024-03-01T12:00:00Z"
SITE = "usr/local/lib/python3.11/site-packages"

# Debian 12.0 as it was first released: name, version, source (where it differs), architecture
DEBIAN = """
adduser 3.134 - all
apt 2.6.1 - amd64
base-files 12.4 - amd64
base-passwd 3.6.1 - amd64
bash 5.2.15-2+b2 bash(5.2.15-2) amd64
bsdutils 1:2.38.1-5+b1 util-linux(2.38.1-5) amd64
coreutils 9.1-1 - amd64
dash 0.5.12-2 - amd64
debian-archive-keyring 2023.3 - all
dpkg 1.21.22 - amd64
findutils 4.9.0-4 - amd64
gcc-12-base 12.2.0-14 gcc-12 amd64
gpgv 2.2.40-1.1 gnupg2 amd64
grep 3.8-5 - amd64
gzip 1.12-1 - amd64
libc-bin 2.36-9 glibc amd64
libc6 2.36-9 glibc amd64
libgcc-s1 12.2.0-14 gcc-12 amd64
libgnutls30 3.7.9-2 gnutls28 amd64
liblzma5 5.4.1-0.2 xz-utils amd64
libpam-modules 1.5.2-6 pam amd64
libssl3 3.0.9-1 openssl amd64
libstdc++6 12.2.0-14 gcc-12 amd64
libsystemd0 252.6-1 systemd amd64
perl-base 5.36.0-7 perl amd64
tar 1.34+dfsg-1.2 - amd64
zlib1g 1:1.2.13.dfsg-1 zlib amd64
"""
INSTALLED_LATER = """
ca-certificates 20230311 - all
curl 7.88.1-10 - amd64
libcurl4 7.88.1-10 curl amd64
libexpat1 2.5.0-1 expat amd64
libgssapi-krb5-2 1.20.1-2 krb5 amd64
libkrb5-3 1.20.1-2 krb5 amd64
libnghttp2-14 1.52.0-1 nghttp2 amd64
libxml2 2.9.14+dfsg-1.2 - amd64
openssl 3.0.9-1 - amd64
"""
PYTHON = {
    "Flask": "2.0.1", "Werkzeug": "2.0.1", "Jinja2": "3.0.1", "MarkupSafe": "2.0.1",
    "itsdangerous": "2.0.1", "click": "8.0.1", "requests": "2.25.1", "urllib3": "1.26.4",
    "certifi": "2020.12.5", "idna": "2.10", "chardet": "4.0.0", "PyYAML": "5.3.1",
}  # fmt: skip
NODE = {
    "lodash": "4.17.15", "minimist": "1.2.0", "express": "4.17.1", "qs": "6.7.0",
    "ansi-regex": "3.0.0", "json5": "1.0.1", "node-fetch": "2.6.0", "debug": "2.6.9",
}  # fmt: skip
JARS = {
    "org.apache.logging.log4j:log4j-core": "2.14.1",
    "org.apache.logging.log4j:log4j-api": "2.14.1",
    "com.fasterxml.jackson.core:jackson-databind": "2.9.8",
    "org.yaml:snakeyaml": "1.26",
    "org.springframework:spring-beans": "5.3.17",
    "commons-io:commons-io": "2.6",
}
GO = """path\texample.com/shop/gateway
mod\texample.com/shop/gateway\t(devel)\t
dep\tgithub.com/dgrijalva/jwt-go\tv3.2.0+incompatible\th1:7qlOGliEKZXTDg6OTjfoBKDXWrumCAMpl/TFQ4/5kLM=
dep\tgithub.com/gin-gonic/gin\tv1.6.3\th1:ahKqKTFpO5KTPHxWZjEdPScmYaGtLo8Y4DMHoEsnp14=
dep\tgolang.org/x/text\tv0.3.5\th1:i6eZZ+zk0SOf0xgBpEpPD18qWcJda6q1sxt3S0kzyUQ=
build\t-compiler=gc
build\tCGO_ENABLED=0
build\tGOARCH=amd64
build\tGOOS=linux
"""
GO_VERSION = "go1.19.1"


def main() -> None:
    layers = [
        ("/bin/sh -c #(nop) ADD file:3d6b1a24c3ba0d8f1f0e5ad9e7e1cf0e in / ", base_layer()),
        ("RUN /bin/sh -c apt-get update && apt-get install -y curl openssl libxml2 # buildkit",
         {"var/lib/dpkg/status": status(DEBIAN + INSTALLED_LATER)}),
        ("RUN /bin/sh -c pip install -r requirements.txt # buildkit", python_layer(PYTHON)),
        ("COPY node_modules /app/node_modules # buildkit", node_layer()),
        ("COPY target/shop.jar /app/shop.jar # buildkit", {"app/shop.jar": spring_boot()}),
        ("COPY --from=build /gateway /app/gateway # buildkit", {"app/gateway": go_program()}),
        ("RUN /bin/sh -c pip install --upgrade urllib3==1.26.18 # buildkit",
         {f"{SITE}/.wh.urllib3-1.26.4.dist-info": b""} | python_layer({"urllib3": "1.26.18"})),
    ]  # fmt: skip
    archive = docker_archive("example.com/shop:1.0", layers)
    (HERE / "shop.tar").write_bytes(archive)
    print(f"examples/shop.tar: {len(archive):,} bytes, {len(layers)} layers")


def base_layer() -> dict[str, bytes]:
    os_release = (
        'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\n'
        'VERSION="12 (bookworm)"\nVERSION_CODENAME=bookworm\nID=debian\n'
    )
    return {
        "etc/debian_version": b"12.0\n",
        "usr/lib/os-release": os_release.encode(),
        "var/lib/dpkg/status": status(DEBIAN),
    }


def status(packages: str) -> bytes:
    """Write a dpkg database, deb-control(5) with the fields that status adds."""
    stanzas = []
    for line in sorted(packages.split("\n")):
        if line:
            name, version, source, arch = line.split()
            fields = [f"Package: {name}", "Status: install ok installed", f"Architecture: {arch}"]
            if source != "-":
                fields.append(f"Source: {source.replace('(', ' (')}")
            stanzas.append("\n".join([*fields, f"Version: {version}"]) + "\n")
    return "\n".join(stanzas).encode()


def python_layer(packages: dict[str, str]) -> dict[str, bytes]:
    return {
        f"{SITE}/{name}-{version}.dist-info/METADATA": (
            f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n\n".encode()
        )
        for name, version in packages.items()
    }


def node_layer() -> dict[str, bytes]:
    return {
        f"app/node_modules/{name}/package.json": json.dumps(
            {"name": name, "version": version, "license": "MIT"}, indent=2
        ).encode()
        for name, version in NODE.items()
    }


def spring_boot() -> bytes:
    manifest = (
        "Manifest-Version: 1.0\nMain-Class: org.springframework.boot.loader.JarLauncher\n"
        "Start-Class: com.example.shop.Shop\nImplementation-Title: shop\n"
        "Implementation-Version: 1.0.0\n\n"
    )
    nested = {
        f"BOOT-INF/lib/{key.partition(':')[2]}-{version}.jar": library(key, version)
        for key, version in JARS.items()
    }
    return zipped({"META-INF/MANIFEST.MF": manifest.encode(), **nested}, store=True)


def library(key: str, version: str) -> bytes:
    """Write a library's jar as Maven packs it: manifest, pom.properties, its telling classes."""
    group, _, artifact = key.partition(":")
    content = {
        "META-INF/MANIFEST.MF": b"Manifest-Version: 1.0\nBuild-Jdk-Spec: 1.8\n\n",
        f"META-INF/maven/{group}/{artifact}/pom.properties": (
            f"groupId={group}\nartifactId={artifact}\nversion={version}\n".encode()
        ),
    }
    if artifact == "log4j-core":  # without this class it would count as mitigated
        content["org/apache/logging/log4j/core/lookup/JndiLookup.class"] = b"\xca\xfe\xba\xbe"
    return zipped(content)


def zipped(content: dict[str, bytes], *, store: bool = False) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in content.items():
            entry = zipfile.ZipInfo(name, (2024, 3, 1, 12, 0, 0))
            entry.compress_type = zipfile.ZIP_STORED if store else zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return buffer.getvalue()


def go_program() -> bytes:
    """Write an ELF file with nothing but the section that Go's linker records its build in.

    The format since Go 1.18: magic, pointer size, flags, then two strings with their lengths.
    """
    marks = bytes.fromhex("3077af0c9274080241e1c107e6d618e6")
    ends = bytes.fromhex("f932433186182072008242104116d8f2")
    text = marks + GO.encode() + ends
    info = b"\xff Go buildinf:\x08\x02" + bytes(16)
    info += varint(len(GO_VERSION)) + GO_VERSION.encode() + varint(len(text)) + text
    names = b"\0.go.buildinfo\0.shstrtab\0"
    data_at, section_size = 128, 64  # after the two headers, at a multiple of 16
    names_at = data_at + 8192  # a real program is larger than what is worth a look
    table_at = names_at + len(names) + (-(names_at + len(names)) % 8)
    head = struct.pack(
        "<4sBBBBB7xHHIQQQIHHHHHH", b"\x7fELF", 2, 1, 1, 0, 0, 2, 62, 1, 0x401000, 64, table_at, 0,
        64, 56, 1, section_size, 3, 2,
    )  # fmt: skip
    program = struct.pack("<IIQQQQQQ", 1, 6, 0, 0x400000, 0x400000, names_at, names_at, 4096)
    sections = [
        struct.pack("<IIQQQQIIQQ", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
        struct.pack("<IIQQQQIIQQ", 1, 1, 3, 0x400000 + data_at, data_at, len(info), 0, 0, 16, 0),
        struct.pack("<IIQQQQIIQQ", 15, 3, 0, 0, names_at, len(names), 0, 0, 1, 0),
    ]
    body = (head + program).ljust(data_at, b"\0") + info
    return (
        body.ljust(names_at, b"\0") + names.ljust(table_at - names_at, b"\0") + b"".join(sections)
    )


def varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def docker_archive(name: str, layers: list[tuple[str, dict[str, bytes]]]) -> bytes:
    """Write what `docker save` writes."""
    members: dict[str, bytes] = {}
    diff_ids, paths, history = [], [], []
    for number, (line, files) in enumerate(layers):
        data = tarred(files)
        digest = hashlib.sha256(data).hexdigest()
        members[f"{digest}/layer.tar"] = data
        diff_ids.append(f"sha256:{digest}")
        paths.append(f"{digest}/layer.tar")
        history.append({"created": CREATED, "created_by": line})
        if number == 0:
            command = '/bin/sh -c #(nop)  CMD ["bash"]'
            history.append({"created": CREATED, "created_by": command, "empty_layer": True})
    config = json.dumps({
        "architecture": "amd64", "os": "linux", "created": CREATED,
        "config": {"Cmd": ["java", "-jar", "/app/shop.jar"], "WorkingDir": "/app"},
        "rootfs": {"type": "layers", "diff_ids": diff_ids}, "history": history,
    }).encode()  # fmt: skip
    config_name = f"{hashlib.sha256(config).hexdigest()}.json"
    manifest = [{"Config": config_name, "RepoTags": [name], "Layers": paths}]
    return tarred(members | {config_name: config, "manifest.json": json.dumps(manifest).encode()})


def tarred(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            entry.mode = 0o755 if name == "app/gateway" else 0o644
            entry.mtime = 1709294400
            archive.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()


if __name__ == "__main__":
    main()

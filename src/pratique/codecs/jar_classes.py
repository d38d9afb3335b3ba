"""What the classes of an archive tell of artifacts that were copied into it without metadata."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from pratique.codecs.jar_identity import Artifact
from pratique.errors import MalformedError

_VERSION = re.compile(r"\d+\.\d+(?:\.\d+){0,2}(?:[.-][A-Za-z][\w.-]*)?")
_JACKSON = re.compile(r"jackson-[a-z0-9]+(?:-[a-z0-9]+)*")
_JACKSON_GROUP = re.compile(r"(?:^|[./])jackson[./]([a-z]+)$")
_NETTY = re.compile(r"^(netty-[a-z0-9-]+)\.version=(\S+)\s*$", re.MULTILINE)
_TOMCAT = re.compile(r"^server\.info=Apache Tomcat/(\d+\.\d+\.\d+(?:-M\d+)?)\s*$", re.MULTILINE)
_COYOTE = b"org/apache/coyote/"
_NETTY_PARTS = {
    b"netty/buffer/ByteBuf.class": "netty-buffer",
    b"netty/handler/codec/http/HttpObjectDecoder.class": "netty-codec-http",
    b"netty/handler/codec/http2/Http2Settings.class": "netty-codec-http2",
    b"netty/handler/ssl/SslHandler.class": "netty-handler",
    b"netty/util/ReferenceCounted.class": "netty-common",
}
_CONSTANTS = {3: 4, 4: 4, 5: 8, 6: 8, 7: 2, 8: 2, 9: 4, 10: 4, 11: 4, 12: 4, 15: 3, 16: 2,
              17: 4, 18: 4, 19: 2, 20: 2}  # fmt: skip

# Classes that only one artifact has, without what relocation puts in place of a group's folders.
# The folder that stays must be telling: org.apache.tomcat has fileupload's classes, too.
_CLASSES = {
    b"commons/collections/functors/InvokerTransformer.class":
        ("commons-collections", "commons-collections"),
    b"commons/collections4/functors/InvokerTransformer.class":
        ("org.apache.commons", "commons-collections4"),
    b"commons/fileupload/FileUploadBase.class": ("commons-fileupload", "commons-fileupload"),
    b"commons/io/FileUtils.class": ("commons-io", "commons-io"),
    b"commons/text/StringSubstitutor.class": ("org.apache.commons", "commons-text"),
    b"common/collect/ImmutableList.class": ("com.google.guava", "guava"),
    b"gson/internal/LinkedTreeMap.class": ("com.google.code.gson", "gson"),
    b"fastjson/parser/ParserConfig.class": ("com.alibaba", "fastjson"),
    b"h2/engine/Database.class": ("com.h2database", "h2"),
    b"http/impl/client/HttpClientBuilder.class": ("org.apache.httpcomponents", "httpclient"),
    b"logback/core/LogbackException.class": ("ch.qos.logback", "logback-core"),
    b"shiro/mgt/DefaultSecurityManager.class": ("org.apache.shiro", "shiro-core"),
    b"snakeyaml/constructor/SafeConstructor.class": ("org.yaml", "snakeyaml"),
    b"springframework/beans/CachedIntrospectionResults.class":
        ("org.springframework", "spring-beans"),
    b"struts2/dispatcher/Dispatcher.class": ("org.apache.struts", "struts2-core"),
    b"thoughtworks/xstream/XStream.class": ("com.thoughtworks.xstream", "xstream"),
}  # fmt: skip


def _jackson(data: bytes, _: bytes) -> Iterator[Artifact]:
    """Read a module's PackageVersion: its constants are version, group and artifact."""
    words = list(_texts(data))
    artifact = next((word for word in words if _JACKSON.fullmatch(word)), "")
    version = next((word for word in words if _VERSION.fullmatch(word)), "")
    group = next((found[1] for word in words if (found := _JACKSON_GROUP.search(word))), "")
    if artifact and version and group:
        yield Artifact(f"com.fasterxml.jackson.{group}", artifact, version)


def _netty(data: bytes, names: bytes) -> Iterator[Artifact]:
    """Read what each of Netty's archives says of itself; merged, only the last may be left.

    All are released together, so that one tells the version of the others.
    """
    found: dict[str, str] = dict(_NETTY.findall(data.decode("utf-8", "replace")))
    if len(set(found.values())) == 1:
        version = next(iter(found.values()))
        parts = (part for name, part in _NETTY_PARTS.items() if name in names)
        found = dict.fromkeys((*found, *parts), version)
    for artifact, version in found.items():
        yield Artifact("io.netty", artifact, version)


def _tomcat(data: bytes, names: bytes) -> Iterator[Artifact]:
    found = _TOMCAT.search(data.decode("utf-8", "replace"))
    if found and _COYOTE in names:
        yield Artifact("org.apache.tomcat.embed", "tomcat-embed-core", found[1])
    elif found:
        yield Artifact("org.apache.tomcat", "tomcat-catalina", found[1])


_RESOURCES: dict[bytes, Callable[[bytes, bytes], Iterator[Artifact]]] = {
    b"/PackageVersion.class": _jackson,
    b"META-INF/io.netty.versions.properties": _netty,
    b"org/apache/catalina/util/ServerInfo.properties": _tomcat,
}
TELLING = tuple(_RESOURCES)
"""Endings of the names of entries that say which artifact and version they are of."""


def told(entry: str, data: bytes, names: bytes) -> list[Artifact]:
    """Return the artifacts that an entry tells of; `names` are those of the whole archive."""
    for ending, read in _RESOURCES.items():
        if entry.encode().endswith(ending):
            return list(read(data, names))
    return []


def by_classes(names: bytes, known: Iterable[Artifact]) -> Iterator[Artifact]:
    """Yield artifacts whose classes are in an archive that says nothing of them, no version known.

    Where it holds anything known of the same group, that may be it under another name.
    """
    groups = {one.group for one in known}
    artifacts = {one.artifact for one in known}
    for name, (group, artifact) in _CLASSES.items():
        if name in names and group not in groups and artifact not in artifacts:
            yield Artifact(group, artifact, "")


def _texts(data: bytes) -> Iterator[str]:
    """Yield the texts among a class file's constants (JVM specification, 4.4)."""
    if data[:4] != b"\xca\xfe\xba\xbe":
        raise MalformedError("not a class file")
    index, at, count = 1, 10, int.from_bytes(data[8:10], "big")
    while index < count and at < len(data):
        tag = data[at]
        if tag == 1:
            end = at + 3 + int.from_bytes(data[at + 1 : at + 3], "big")
            yield data[at + 3 : end].decode("utf-8", "replace")
            at = end
        elif tag in _CONSTANTS:
            at += 1 + _CONSTANTS[tag]
        else:
            raise MalformedError("a class file with constants of an unknown kind")
        index += 2 if tag in (5, 6) else 1

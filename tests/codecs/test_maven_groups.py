from __future__ import annotations

import pytest

from pratique.codecs.maven_groups import known_group


@pytest.mark.parametrize(
    ("artifact", "version", "evidence", "group"),
    [
        ("log4j", "1.2.17", b"org/apache/log4j/Logger.class", "log4j"),
        ("log4j-core", "2.14.1", b"org/apache/logging/log4j/core/", "org.apache.logging.log4j"),
        ("log4j-over-slf4j", "1.7.30", b"org/apache/log4j/", ""),
        ("commons-collections", "3.2.1", b"org/apache/commons/collections/", "commons-collections"),
        ("commons-collections4", "4.0", b"org/apache/commons/collections4/", "org.apache.commons"),
        ("groovy", "2.4.21", b"groovy/lang/", "org.codehaus.groovy"),
        ("groovy-json", "4.0.1", b"groovy/json/", "org.apache.groovy"),
        ("hibernate-core", "5.4.1.Final", b"org/hibernate/", "org.hibernate"),
        ("okhttp", "4.9.0", b"okhttp3/", "com.squareup.okhttp3"),
        ("okhttp", "2.7.5", b"com/squareup/okhttp/", "com.squareup.okhttp"),
        ("spring-petclinic", "2.0", b"org/springframework/", ""),
        (
            "spring-boot-starter-web",
            "2.5.0",
            b"spring.boot.starter.web",
            "org.springframework.boot",
        ),
        ("unheard-of", "1.0", b"org/", ""),
    ],
)
def test_groups_by_name_version_and_evidence(
    artifact: str, version: str, evidence: bytes, group: str
) -> None:
    assert known_group(artifact, version, evidence) == group
    assert known_group(artifact, version, b"") == ""

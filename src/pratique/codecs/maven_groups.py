"""Maven groups of widespread artifacts whose builds (Gradle, Ant) write no group into the jar."""

from __future__ import annotations

import re
from functools import cache

# `group: evidence | artifacts | more artifacts`; the group = is the artifact's own name. A name
# alone proves nothing, so the archive must have one of these folders of classes, or a module of
# this name. A version after the artifact (`x 1`) is a condition, too: groups changed with it.
_GROUPS = """
org.springframework: org/springframework/ spring.jcl
  | spring-(aop|aspects|beans|context|context-support|context-indexer|core)
  | spring-(expression|instrument|jcl|jdbc|jms|messaging|orm|oxm|r2dbc|test|tx)
  | spring-(web|webflux|webmvc|webmvc-portlet|websocket)
org.springframework.boot: org/springframework/boot/ spring.boot. | spring-boot(-.+)?
org.springframework.security: org/springframework/security/
  | spring-security-(acl|aspects|cas|config|core|crypto|data|ldap|messaging|openid|remoting)
  | spring-security-(rsocket|saml2-service-provider|taglibs|test|web)
  | spring-security-oauth2-(client|core|jose|resource-server|authorization-server)
org.springframework.integration: org/springframework/integration/ | spring-integration-.+
org.springframework.amqp: org/springframework/amqp/ | spring-(amqp|rabbit)
org.springframework.kafka: org/springframework/kafka/ | spring-kafka
org.springframework.batch: org/springframework/batch/ | spring-batch-.+
org.springframework.session: org/springframework/session/ | spring-session-.+
org.springframework.ldap: org/springframework/ldap/ | spring-ldap-.+
org.springframework.graphql: org/springframework/graphql/ | spring-graphql
org.apache.tomcat.embed: org/apache/catalina/ org/apache/tomcat/ org/apache/el/ org/apache/jasper/
  | tomcat-embed-.+
org.apache.tomcat: org/apache/catalina/ org/apache/coyote/ org/apache/tomcat/ org/apache/juli/
  | tomcat-.+
org.apache.tomcat: javax/annotation/ jakarta/annotation/ | tomcat-annotations-api
org.apache.tomcat: org/apache/el/ org/apache/jasper/ | tomcat-(el|jasper)(-.+)?
org.apache.logging.log4j: org/apache/logging/log4j/ org/apache/logging/slf4j/ org/apache/log4j/
  | log4j-.+ 2
log4j: org/apache/log4j/ | log4j 1
org.apache.commons: org/apache/commons/
  | commons-(collections4|compress|configuration2|crypto|csv|dbcp2|email|exec)
  | commons-(fileupload2.*|imaging|jexl[23]?|lang3|math3?|pool2|text|vfs2)
=: org/apache/commons/
  | commons-(beanutils|cli|codec|collections|configuration|dbcp|digester|discovery)
  | commons-(fileupload|httpclient|io|jelly|jxpath|lang|logging|net|pool|validator)
org.apache.kafka: org/apache/kafka/ kafka/server/ | (kafka|connect)[-_].+
org.apache.lucene: org/apache/lucene/ | lucene-.+
org.apache.solr: org/apache/solr/ | solr-.+
org.apache.poi: org/apache/poi/ | poi(-.+)?
org.apache.xmlbeans: org/apache/xmlbeans/ | xmlbeans
org.apache.velocity: org/apache/velocity/ | velocity
org.apache.zookeeper: org/apache/zookeeper/ | zookeeper
org.apache.ant: org/apache/tools/ant/ | ant(-.+)? 1
org.apache.derby: org/apache/derby/ | derby(client|net|tools|shared|optionaltools)?
xerces: org/apache/xerces/ | xercesImpl
xalan: org/apache/xalan/ org/apache/xml/serializer/ | (xalan|serializer)
org.elasticsearch: org/elasticsearch/ | elasticsearch(-(core|x-content|cli|geo|lz4|secure-sm))?
org.elasticsearch.client: org/elasticsearch/client/
  | elasticsearch-rest(-high-level)?-client(-sniffer)?
org.opensearch: org/opensearch/ | opensearch(-(core|x-content|cli|geo|secure-sm))?
org.jetbrains.kotlin: kotlin/ org/jetbrains/kotlin/ | kotlin-(stdlib.*|reflect|compiler.*|script.+)
org.jetbrains.kotlinx: kotlinx/ | kotlinx-.+
io.ktor: io/ktor/ | ktor-.+
com.squareup.okhttp3: okhttp3/ | (okhttp(-.+)? [345]|logging-interceptor|mockwebserver)
com.squareup.okhttp: com/squareup/okhttp/ | okhttp(-.+)? 2
com.squareup.okio: okio/ | okio(-.+)?
com.squareup.retrofit2: retrofit2/ | (retrofit 2|converter-.+|adapter-.+)
org.bouncycastle: org/bouncycastle/ | bc(fips|jmail|mail|mls|pg|pkix|prov|test|tls|util).*
org.postgresql: org/postgresql/ | postgresql
com.h2database: org/h2/ | h2
org.hsqldb: org/hsqldb/ | hsqldb 2
hsqldb: org/hsqldb/ | hsqldb 1
mysql: com/mysql/ | mysql-connector-java
com.mysql: com/mysql/cj/ | mysql-connector-j
com.oracle.database.jdbc: oracle/jdbc/ | ojdbc[0-9]+
org.hibernate.orm: org/hibernate/
  | hibernate-(core|envers|c3p0|hikaricp|jcache|spatial|testing) [67]
org.hibernate: org/hibernate/
  | hibernate-(core|entitymanager|envers|c3p0|ehcache) [345]
  | hibernate-(hikaricp|jcache|spatial|testing) [345]
org.mongodb: com/mongodb/ org/bson/ | (mongodb-driver(-.+)?|mongo-java-driver|bson)
org.codehaus.groovy: groovy/ org/codehaus/groovy/ | groovy(-.+)? [123]
org.apache.groovy: groovy/ org/apache/groovy/ | groovy(-.+)? [45]
org.codehaus.jackson: org/codehaus/jackson/ | jackson-(core|mapper)-(asl|lgpl)
io.grpc: io/grpc/ | grpc-.+
com.google.protobuf: com/google/protobuf/ | protobuf-(java(-util)?|javalite|kotlin(-lite)?)
com.google.code.findbugs: javax/annotation/ | jsr305
com.google.guava: com/google/common/ | guava(-.+)?
com.jayway.jsonpath: com/jayway/jsonpath/ | json-path
com.auth0: com/auth0/jwt/ | java-jwt
org.json: org/json/ | json
org.dom4j: org/dom4j/ | dom4j 2
dom4j: org/dom4j/ | dom4j 1
org.jdom: org/jdom2/ | jdom2
org.mozilla: org/mozilla/javascript/ | rhino
org.python: org/python/ | jython(-standalone)?
org.testng: org/testng/ | testng
junit: junit/framework/ org/junit/ | junit [34]
asm: org/objectweb/asm/ | asm(-.+)? [123]
org.ow2.asm: org/objectweb/asm/ | asm(-.+)? [4-9]
net.java.dev.jna: com/sun/jna/ | jna(-platform)?
org.ehcache: org/ehcache/ | ehcache 3
org.checkerframework: org/checkerframework/ | checker-(qual|compat-qual|util)
io.perfmark: io/perfmark/ | perfmark-.+
xmlpull: org/xmlpull/ | xmlpull
"""


def known_group(artifact: str, version: str, evidence: bytes) -> str:
    """Return the group of a widespread artifact; empty for others, or where evidence lacks."""
    text = f"{artifact} {version}"
    for group, pattern, proofs in _patterns():
        if pattern.match(text) and any(proof in evidence for proof in proofs):
            return artifact if group == "=" else group
    return ""


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str], tuple[bytes, ...]], ...]:
    # compiled for the first jar that tells no group, not in every scan
    rows = _GROUPS.replace("\n  |", " | ").strip().splitlines()
    return tuple(_row(*row.partition(": ")[::2]) for row in rows)


def _row(group: str, rest: str) -> tuple[str, re.Pattern[str], tuple[bytes, ...]]:
    evidence, *artifacts = rest.split(" | ")
    patterns = (f"{artifact.strip()}{_end(artifact.strip())}" for artifact in artifacts)
    proofs = tuple(proof.encode() for proof in evidence.split())
    return group, re.compile("|".join(patterns)), proofs


def _end(artifact: str) -> str:
    return r"(?:[. \-]|$)" if " " in artifact else " "

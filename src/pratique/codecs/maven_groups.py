"""Maven groups of widespread artifacts whose builds (Gradle, Ant) write no group into the jar.

An artifact's name alone proves nothing, so each comes with a folder of classes, or a module's
name, that the archive must have. A version after the name (`x 1`) is a condition, too.
"""

from __future__ import annotations

import re
from functools import cache

_GROUPS = (
    # group, artifacts, evidence
    ("org.springframework", "spring-(aop|aspects|beans|context(-support|-indexer)?|core|expression"
     "|instrument|jcl|jdbc|jms|messaging|orm|oxm|r2dbc|test|tx|web|webflux|webmvc(-portlet)?"
     "|websocket)", "org/springframework/ spring.jcl"),
    ("org.springframework.boot", "spring-boot(-.+)?", "org/springframework/boot/ spring.boot."),
    ("org.springframework.security", "spring-security-(acl|aspects|cas|config|core|crypto|data|ldap"
     "|messaging|oauth2-(client|core|jose|resource-server|authorization-server)|openid|remoting"
     "|rsocket|saml2-service-provider|taglibs|test|web)", "org/springframework/security/"),
    ("org.springframework.integration", "spring-integration-.+", "org/springframework/integration/"),
    ("org.springframework.amqp", "spring-(amqp|rabbit)", "org/springframework/amqp/"),
    ("org.springframework.kafka", "spring-kafka", "org/springframework/kafka/"),
    ("org.springframework.batch", "spring-batch-.+", "org/springframework/batch/"),
    ("org.springframework.session", "spring-session-.+", "org/springframework/session/"),
    ("org.springframework.ldap", "spring-ldap-.+", "org/springframework/ldap/"),
    ("org.springframework.graphql", "spring-graphql", "org/springframework/graphql/"),
    ("org.apache.tomcat.embed", "tomcat-embed-.+",
     "org/apache/catalina/ org/apache/tomcat/ org/apache/el/ org/apache/jasper/"),
    ("org.apache.tomcat", "tomcat-.+", "org/apache/catalina/ org/apache/tomcat/ org/apache/coyote/"
     " org/apache/el/ org/apache/jasper/ org/apache/juli/ org/apache/naming/"),
    ("org.apache.logging.log4j", "log4j-.+ 2", "org/apache/logging/log4j/ org/apache/logging/slf4j/"
     " org/apache/log4j/"),
    ("log4j", "log4j 1", "org/apache/log4j/"),
    ("org.apache.commons", "commons-(collections4|compress|configuration2|crypto|csv|dbcp2|email"
     "|exec|fileupload2.*|imaging|jexl[23]?|lang3|math3?|pool2|text|vfs2)", "org/apache/commons/"),
    *(
        (name, name, "org/apache/commons/")
        for name in (
            "commons-beanutils", "commons-cli", "commons-codec", "commons-collections",
            "commons-configuration", "commons-dbcp", "commons-digester", "commons-discovery",
            "commons-fileupload", "commons-httpclient", "commons-io", "commons-jelly",
            "commons-jxpath", "commons-lang", "commons-logging", "commons-net", "commons-pool",
            "commons-validator",
        )
    ),
    ("org.apache.kafka", "(kafka|connect)[-_].+", "org/apache/kafka/ kafka/server/"),
    ("org.apache.lucene", "lucene-.+", "org/apache/lucene/"),
    ("org.apache.solr", "solr-.+", "org/apache/solr/"),
    ("org.apache.poi", "poi(-.+)?", "org/apache/poi/"),
    ("org.apache.xmlbeans", "xmlbeans", "org/apache/xmlbeans/"),
    ("org.apache.velocity", "velocity", "org/apache/velocity/"),
    ("org.apache.zookeeper", "zookeeper", "org/apache/zookeeper/"),
    ("org.apache.ant", "ant(-.+)? 1", "org/apache/tools/ant/"),
    ("org.apache.derby", "derby(client|net|tools|shared|optionaltools)?", "org/apache/derby/"),
    ("xerces", "xercesImpl", "org/apache/xerces/"),
    ("xalan", "(xalan|serializer)", "org/apache/xalan/ org/apache/xml/serializer/"),
    ("org.elasticsearch", "elasticsearch(-(core|x-content|cli|geo|lz4|secure-sm))?",
     "org/elasticsearch/"),
    ("org.elasticsearch.client", "elasticsearch-rest(-high-level)?-client(-sniffer)?",
     "org/elasticsearch/client/"),
    ("org.opensearch", "opensearch(-(core|x-content|cli|geo|secure-sm))?", "org/opensearch/"),
    ("org.jetbrains.kotlin", "kotlin-(stdlib.*|reflect|compiler.*|script.+)",
     "kotlin/ org/jetbrains/kotlin/"),
    ("org.jetbrains.kotlinx", "kotlinx-.+", "kotlinx/"),
    ("io.ktor", "ktor-.+", "io/ktor/"),
    ("com.squareup.okhttp3", "(okhttp(-.+)? [345]|logging-interceptor|mockwebserver)", "okhttp3/"),
    ("com.squareup.okhttp", "okhttp(-.+)? 2", "com/squareup/okhttp/"),
    ("com.squareup.okio", "okio(-.+)?", "okio/"),
    ("com.squareup.retrofit2", "(retrofit 2|converter-.+|adapter-.+)", "retrofit2/"),
    ("org.bouncycastle", "bc(fips|jmail|mail|mls|pg|pkix|prov|test|tls|util).*",
     "org/bouncycastle/"),
    ("org.postgresql", "postgresql", "org/postgresql/"),
    ("com.h2database", "h2", "org/h2/"),
    ("org.hsqldb", "hsqldb 2", "org/hsqldb/"),
    ("hsqldb", "hsqldb 1", "org/hsqldb/"),
    ("mysql", "mysql-connector-java", "com/mysql/"),
    ("com.mysql", "mysql-connector-j", "com/mysql/cj/"),
    ("com.oracle.database.jdbc", "ojdbc[0-9]+", "oracle/jdbc/"),
    ("org.hibernate.orm", "hibernate-(core|envers|c3p0|hikaricp|jcache|spatial|testing) [67]",
     "org/hibernate/"),
    ("org.hibernate", "hibernate-(core|entitymanager|envers|c3p0|ehcache|hikaricp|jcache|spatial"
     "|testing) [345]", "org/hibernate/"),
    ("org.mongodb", "(mongodb-driver(-.+)?|mongo-java-driver|bson)", "com/mongodb/ org/bson/"),
    ("org.codehaus.groovy", "groovy(-.+)? [123]", "groovy/ org/codehaus/groovy/"),
    ("org.apache.groovy", "groovy(-.+)? [45]", "groovy/ org/apache/groovy/"),
    ("org.codehaus.jackson", "jackson-(core|mapper)-(asl|lgpl)", "org/codehaus/jackson/"),
    ("io.grpc", "grpc-.+", "io/grpc/"),
    ("com.google.protobuf", "protobuf-(java(-util)?|javalite|kotlin(-lite)?)",
     "com/google/protobuf/"),
    ("com.google.code.findbugs", "jsr305", "javax/annotation/"),
    ("com.google.guava", "guava(-.+)?", "com/google/common/"),
    ("com.jayway.jsonpath", "json-path", "com/jayway/jsonpath/"),
    ("com.auth0", "java-jwt", "com/auth0/jwt/"),
    ("org.json", "json", "org/json/"),
    ("org.dom4j", "dom4j 2", "org/dom4j/"),
    ("dom4j", "dom4j 1", "org/dom4j/"),
    ("org.jdom", "jdom2", "org/jdom2/"),
    ("org.mozilla", "rhino", "org/mozilla/javascript/"),
    ("org.python", "jython(-standalone)?", "org/python/"),
    ("org.testng", "testng", "org/testng/"),
    ("junit", "junit [34]", "junit/framework/ org/junit/"),
    ("asm", "asm(-.+)? [123]", "org/objectweb/asm/"),
    ("org.ow2.asm", "asm(-.+)? [4-9]", "org/objectweb/asm/"),
    ("net.java.dev.jna", "jna(-platform)?", "com/sun/jna/"),
    ("org.ehcache", "ehcache 3", "org/ehcache/"),
)  # fmt: skip


def known_group(artifact: str, version: str, evidence: bytes) -> str:
    """Return the group of a widespread artifact; empty for others, or where evidence lacks."""
    text = f"{artifact} {version}"
    for group, pattern, proofs in _patterns():
        if pattern.match(text) and any(proof in evidence for proof in proofs):
            return group
    return ""


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str], tuple[bytes, ...]], ...]:
    # compiled by the first jar that has no group, not by every scan
    return tuple(
        (
            group,
            re.compile(f"(?:{artifacts})" + (r"(?:[. \-]|$)" if " " in artifacts else " ")),
            tuple(proof.encode() for proof in evidence.split()),
        )
        for group, artifacts, evidence in _GROUPS
    )

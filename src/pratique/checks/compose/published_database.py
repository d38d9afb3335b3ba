"""DC-0029: a database is published on every address of the host (CIS Docker Benchmark 5.14)."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.compose.service import Service, of_service
from pratique.model.check import Check, Failure

_DATABASES = {
    1433: "SQL Server", 1521: "Oracle", 2379: "etcd", 3306: "MySQL", 5432: "PostgreSQL",
    5984: "CouchDB", 6379: "Redis", 7000: "Cassandra", 7474: "Neo4j", 7687: "Neo4j",
    8086: "InfluxDB", 9000: "ClickHouse or MinIO", 9042: "Cassandra", 9200: "Elasticsearch",
    9300: "Elasticsearch", 11211: "Memcached", 27017: "MongoDB", 27018: "MongoDB", 33060: "MySQL",
    5672: "RabbitMQ", 15672: "RabbitMQ's console", 9092: "Kafka", 2181: "ZooKeeper", 8500: "Consul",
    26257: "CockroachDB", 28015: "RethinkDB", 50000: "Db2",
}  # fmt: skip
_UNSURE = frozenset({7000, 9000, 50000})
"""Which much else listens on: the image's name must say it."""
_NAMES = ("clickhouse", "minio", "cassandra", "db2")


def _judge(service: Service) -> Iterator[Failure]:
    for port, span in service.ports():
        what = _DATABASES.get(port.target)
        unsure = port.target in _UNSURE and not any(n in service.image for n in _NAMES)
        if what and port.is_everywhere and not unsure:
            yield Failure(f"{what} (port {port.target}) is published on every address", *span)


check = Check(
    "DC-0029",
    "Database published to everyone",
    "The engine's rules go before those of most firewalls: the port can be reached from the whole "
    "network, and databases with a weak password are found within hours.",
    "HIGH",
    "Leave ports out, for services reach each other without; or publish on 127.0.0.1.",
    of_service(_judge),
    ("CIS-5.14",),
    ("https://docs.docker.com/engine/network/packet-filtering-firewalls/",),
)

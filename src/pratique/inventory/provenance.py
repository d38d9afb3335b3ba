"""Tell the packages that others than the distribution have built: its advisories know none of them.

What such a package installed, the JavaScript of a vendor's nodejs or the archives of a vendor's
Elasticsearch, nobody answers for but its publishers, so that it must be matched by itself.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from pratique.model.inventory import Package

# What RPM's Vendor begins with where a distribution built the package
_DISTRIBUTIONS = (
    "AlmaLinux", "Alibaba", "Amazon Linux", "Amazon.com", "Anolis", "CentOS", "CloudLinux",
    "Fedora Project", "Mageia", "Microsoft Corporation", "Oracle America", "Red Hat", "Rocky",
    "SUSE", "Scientific Linux", "VMware", "Broadcom", "http://openeuler.org", "openEuler",
    "openSUSE",
)  # fmt: skip
# Debian's maintainers write from 700 domains, so that only publishers of their own repositories
# can be told: by the domain of the maintainer, or by what they put into versions
_PUBLISHERS = frozenset({
    "amazon.com", "azul.com", "bell-sw.com", "chef.io", "chromium.org", "clickhouse.com",
    "cloudflare.com", "confluent.io", "couchbase.com", "datadoghq.com", "docker.com",
    "dynatrace.com", "elastic.co", "f5.com", "github.com", "gitlab.com", "grafana.com",
    "haproxy.com", "hashicorp.com", "influxdata.com", "jetbrains.com", "kubernetes.io",
    "mariadb.com", "mariadb.org", "microsoft.com", "mongodb.com", "neo4j.com", "newrelic.com",
    "nginx.com", "nodesource.com", "oracle.com", "percona.com", "puppet.com", "rabbitmq.com",
    "redis.com", "redis.io", "slack-corp.com", "splunk.com", "tailscale.com", "teamviewer.com",
    "timescale.com", "varnish-software.com", "yarnpkg.com", "zabbix.com",
})  # fmt: skip
_DOMAIN = re.compile(r"@(?:[\w-]+\.)*?([\w-]+\.[a-z]+)>?$", re.ASCII)
_MARK = re.compile(r"nodesource|\.pgdg\d")


def foreign(packages: Iterable[Package]) -> set[str]:
    """Return the names of a system's packages that are known not to be its distribution's.

    An RPM's vendor counts as the distribution where it is a known one, or built most packages.
    """
    packages = list(packages)
    vendors = Counter(package.vendor for package in packages if package.type == "rpm")
    own = {vendor for vendor, _ in vendors.most_common(1)} | {""}
    return {p.name for p in packages if _is_foreign_deb(p) or _is_foreign_rpm(p, own)}


def _is_foreign_rpm(package: Package, own: set[str]) -> bool:
    vendor = package.vendor
    return package.type == "rpm" and vendor not in own and not vendor.startswith(_DISTRIBUTIONS)


def _is_foreign_deb(package: Package) -> bool:
    if package.type != "deb":
        return False
    domain = _DOMAIN.search(package.vendor[-200:])
    known = domain is not None and domain[1].lower() in _PUBLISHERS
    return known or _MARK.search(package.version) is not None

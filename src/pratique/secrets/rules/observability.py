"""Observability: Grafana, Datadog, New Relic, Sentry, Dynatrace, Splunk, PagerDuty, Sumo and others."""

from __future__ import annotations

from pratique.model.secret_rule import SecretRule
from pratique.secrets.proofs import decoded, genuine, is_grafana, numbered, starts
from pratique.secrets.shapes import UUID, assigned, token


def _is_sentry(secret: str) -> bool:
    """Tell that an organisation's token holds JSON that names its region or address."""
    return decoded(secret[7:].rpartition("_")[0]).startswith(b'{"iat"')


grafana_key = SecretRule(
    "grafana-api-token",
    "Grafana",
    "API key of Grafana: its dashboards and data sources",
    "MEDIUM",
    token("eyJrIjoi[A-Za-z0-9+/]{60,400}={0,2}", end="A-Za-z0-9+/="),
    keywords=("eyjrijoi",),
    holds=starts(b'{"k":"'),
    least_entropy=4.0,
)
grafana_account = SecretRule(
    "grafana-service-account-token",
    "Grafana",
    "Token of a service account of Grafana",
    "HIGH",
    token("glsa_[A-Za-z0-9]{32}_[0-9A-Fa-f]{8}"),
    keywords=("glsa_",),
    holds=is_grafana,
)
grafana_cloud = SecretRule(
    "grafana-cloud-api-token",
    "Grafana",
    "Access policy token of Grafana Cloud: writes and reads its data",
    "HIGH",
    token("glc_eyJ[A-Za-z0-9+/]{60,400}={0,2}", end="A-Za-z0-9+/="),
    keywords=("glc_eyj",),
    holds=lambda secret: starts(b'{"o":')(secret[4:]),
)
datadog_key = SecretRule(
    "datadog-api-key",
    "Datadog",
    "API key of Datadog: sends data in its owner's name",
    "HIGH",
    assigned("(?:data_?dog|dd)[_.-]?api[_.-]?key", "[0-9a-f]{32}"),
    keywords=("datadog", "data_dog", "dd_", "dd-", "ddapi"),
    holds=numbered,
    least_entropy=3.1,
)
datadog_app = SecretRule(
    "datadog-app-key",
    "Datadog",
    "Application key of Datadog: reads and changes what its user may",
    "HIGH",
    assigned(
        "(?:data_?dog|dd)[_.-]?app(?:lication)?[_.-]?key",
        "[0-9a-f]{40}",
    ),
    keywords=("datadog", "data_dog", "dd_", "dd-", "ddapp"),
    holds=numbered,
    least_entropy=3.2,
)
new_relic_key = SecretRule(
    "new-relic-user-api-key",
    "NewRelic",
    "User key of New Relic: queries and changes what its user may",
    "HIGH",
    token("NRAK-[A-Z0-9]{27}"),
    keywords=("nrak-",),
    holds=genuine,
    least_entropy=3.5,
)
new_relic_id = SecretRule(
    "new-relic-user-api-id",
    "NewRelic",
    "Id of a user key of New Relic",
    "MEDIUM",
    assigned("new[_.-]?relic[A-Za-z_.-]{0,16}(?:id|key)", "[A-Z0-9]{64}"),
    keywords=("newrelic", "new-relic", "new_relic"),
    holds=numbered,
    least_entropy=4.0,
)
new_relic_browser = SecretRule(
    "new-relic-browser-api-token",
    "NewRelic",
    "Browser key of New Relic: sends data in its owner's name",
    "MEDIUM",
    token("NRJS-[0-9a-f]{19}"),
    keywords=("nrjs-",),
    holds=genuine,
    least_entropy=3.0,
)
new_relic_licence = SecretRule(
    "new-relic-license-key",
    "NewRelic",
    "Licence or insights key of New Relic: sends data in its owner's name",
    "HIGH",
    token("(?:[0-9a-f]{36}|eu01xx[0-9a-f]{30})NRAL|NRI[IQ]-[A-Za-z0-9_-]{32}"),
    keywords=("nral", "nrii-", "nriq-"),
    holds=genuine,
    least_entropy=3.2,
)
sentry_org = SecretRule(
    "sentry-org-token",
    "Sentry",
    "Organisation token of Sentry: uploads releases and source maps",
    "MEDIUM",
    token("sntrys_eyJ[A-Za-z0-9+/=]{60,600}_[A-Za-z0-9+/]{43}", end="A-Za-z0-9+/="),
    keywords=("sntrys_",),
    holds=_is_sentry,
)
sentry_user = SecretRule(
    "sentry-user-token",
    "Sentry",
    "Token of a Sentry user: reads and changes what they may",
    "HIGH",
    token("sntryu_[0-9a-f]{64}"),
    keywords=("sntryu_",),
    holds=genuine,
    least_entropy=3.5,
)
sentry_dsn = SecretRule(
    "sentry-dsn-secret",
    "Sentry",
    "Address of a Sentry project with its secret: sends events",
    "LOW",
    r"https?://[0-9a-f]{32}:(?P<secret>[0-9a-f]{32})@[A-Za-z0-9.:-]{3,120}/[0-9]{1,20}(?:$|[^0-9])",
    keywords=("sentry",),
    holds=numbered,
    least_entropy=3.1,
)
dynatrace = SecretRule(
    "dynatrace-api-token",
    "Dynatrace",
    "API token of Dynatrace",
    "HIGH",
    token("dt0[a-z][0-9]{2}[.][A-Z0-9]{8,24}[.][A-Z0-9]{64}"),
    keywords=("dt0",),
    holds=genuine,
    least_entropy=4.0,
)
splunk = SecretRule(
    "splunk-hec-token",
    "Splunk",
    "Token of Splunk's event collector: writes events",
    "MEDIUM",
    assigned(
        "(?:splunk|hec)[A-Za-z_.-]{0,14}token|authorization[\"']?[ ]?[:=][ ]?[\"']?splunk", UUID
    ),
    keywords=("splunk", "hec"),
    holds=genuine,
    least_entropy=3.0,
)
pager_duty = SecretRule(
    "pagerduty-api-key",
    "PagerDuty",
    "API key of PagerDuty: schedules and incidents",
    "MEDIUM",
    assigned(
        "(?:pager[_.-]?duty|pd)[A-Za-z_.-]{0,14}(?:token|api[_.-]?key)",
        "[uy]?[+]?[A-Za-z0-9_-]{18,20}",
        end="A-Za-z0-9_+-",
    ),
    keywords=("pagerduty", "pager_duty", "pager-duty", "pd_", "pd-"),
    holds=numbered,
    least_entropy=3.3,
)
pager_duty_integration = SecretRule(
    "pagerduty-integration-key",
    "PagerDuty",
    "Integration key of PagerDuty: raises incidents",
    "LOW",
    assigned(
        "pager[_.-]?duty[A-Za-z_.-]{0,14}(?:integration|routing|service)[_.-]?key",
        "[0-9a-f]{32}|R0[A-Z0-9]{30}",
    ),
    keywords=("pagerduty", "pager_duty", "pager-duty"),
    holds=numbered,
    least_entropy=3.1,
)
sumo_id = SecretRule(
    "sumo-logic-access-id",
    "Sumo Logic",
    "Access id of Sumo Logic (of use with its key)",
    "LOW",
    assigned("sumo(?:logic)?[A-Za-z_.-]{0,12}(?:access[_.-]?)?id", "su[A-Za-z0-9]{12}"),
    keywords=("sumo",),
    holds=numbered,
    least_entropy=2.8,
)
sumo_key = SecretRule(
    "sumo-logic-access-key",
    "Sumo Logic",
    "Access key of Sumo Logic: reads and writes its logs",
    "HIGH",
    assigned("sumo(?:logic)?[A-Za-z_.-]{0,12}(?:key|token)", "[A-Za-z0-9]{64}"),
    keywords=("sumo",),
    holds=numbered,
    least_entropy=4.3,
)
honeycomb = SecretRule(
    "honeycomb-api-key",
    "Honeycomb",
    "Key of Honeycomb: writes and reads traces",
    "MEDIUM",
    token("hc[abcxlim][i]k_[a-z0-9]{58}"),
    keywords=("hcaik_", "hcbik_", "hccik_", "hcxik_", "hclik_", "hciik_", "hcmik_"),
    holds=genuine,
    least_entropy=4.0,
)
rollbar = SecretRule(
    "rollbar-access-token",
    "Rollbar",
    "Access token of Rollbar",
    "LOW",
    assigned("rollbar[A-Za-z_.-]{0,16}token", "[0-9a-f]{32}"),
    keywords=("rollbar",),
    holds=numbered,
    least_entropy=3.1,
)
elastic = SecretRule(
    "elastic-cloud-api-key",
    "Elastic",
    "API key of Elasticsearch or Elastic Cloud",
    "HIGH",
    assigned(
        "(?:elastic(?:search|cloud)?|es|ec)[_.-]?api[_.-]?key|authorization[\"']?[ ]?[:=][ ]?[\"']?apikey",
        "[A-Za-z0-9+/]{58}==|essu_[A-Za-z0-9+/]{60,100}={0,2}",
        end="A-Za-z0-9+/=",
    ),
    keywords=("elastic", "es_api", "ec_api", "apikey"),
    holds=numbered,
    least_entropy=4.3,
)

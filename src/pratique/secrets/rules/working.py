"""Work and customers: Airtable, Asana, Linear, Notion, Figma, HubSpot, Intercom, Zendesk and others."""

from __future__ import annotations

from pratique.model.secret_rule import SecretRule
from pratique.secrets.proofs import genuine, numbered
from pratique.secrets.shapes import UUID, assigned, token

airtable = SecretRule(
    "airtable-personal-access-token",
    "Airtable",
    "Personal access token of Airtable: its user's tables",
    "HIGH",
    token("pat[A-Za-z0-9]{14}[.][0-9a-f]{64}"),
    keywords=("pat",),
    holds=genuine,
    least_entropy=3.5,
)
airtable_old = SecretRule(
    "airtable-api-key",
    "Airtable",
    "API key of Airtable of before 2024",
    "MEDIUM",
    assigned("airtable[A-Za-z_.-]{0,12}(?:key|token)", "key[A-Za-z0-9]{14}"),
    keywords=("airtable",),
    holds=numbered,
    least_entropy=3.2,
)
asana_id = SecretRule(
    "asana-client-id",
    "Asana",
    "Client id of an Asana application (of use with its secret)",
    "LOW",
    assigned("asana[A-Za-z_.-]{0,12}id", "[0-9]{16}"),
    keywords=("asana",),
    holds=genuine,
    least_entropy=2.0,
)
asana_secret = SecretRule(
    "asana-client-secret",
    "Asana",
    "Client secret of an Asana application",
    "MEDIUM",
    assigned("asana[A-Za-z_.-]{0,12}secret", "[a-z0-9]{32}"),
    keywords=("asana",),
    holds=numbered,
    least_entropy=3.1,
)
asana_pat = SecretRule(
    "asana-personal-access-token",
    "Asana",
    "Personal access token of Asana: its user's tasks",
    "MEDIUM",
    token("[0-2]/[0-9]{15,17}(?:/[0-9]{15,17})?:[0-9a-f]{32}"),
    keywords=("0/", "1/", "2/"),
    holds=genuine,
    least_entropy=3.3,
)
linear = SecretRule(
    "linear-api-token",
    "Linear",
    "API key of Linear: its user's issues",
    "MEDIUM",
    token("lin_(?:api|oauth)_[A-Za-z0-9]{40,64}"),
    keywords=("lin_api_", "lin_oauth_"),
    holds=genuine,
    least_entropy=4.0,
)
linear_secret = SecretRule(
    "linear-client-secret",
    "Linear",
    "Client secret of a Linear application",
    "MEDIUM",
    assigned("linear[A-Za-z_.-]{0,12}secret", "[0-9a-f]{32}"),
    keywords=("linear",),
    holds=numbered,
    least_entropy=3.1,
)
notion = SecretRule(
    "notion-api-token",
    "Notion",
    "Token of a Notion integration: its pages",
    "HIGH",
    token("ntn_[A-Za-z0-9]{43,50}|secret_[A-Za-z0-9]{43}"),
    keywords=("ntn_", "secret_"),
    holds=genuine,
    least_entropy=4.2,
)
figma = SecretRule(
    "figma-personal-access-token",
    "Figma",
    "Personal access token of Figma: its user's designs",
    "MEDIUM",
    token("fig[dorp][hr]?_[A-Za-z0-9_-]{40}", end="A-Za-z0-9_-"),
    keywords=("figd", "figo", "figp", "figr"),
    holds=genuine,
    least_entropy=4.0,
)
hubspot = SecretRule(
    "hubspot-api-token",
    "HubSpot",
    "API key of HubSpot of before 2022",
    "MEDIUM",
    assigned("hubspot[A-Za-z_.-]{0,12}(?:key|token|secret)|hapikey", UUID),
    keywords=("hubspot", "hapikey"),
    holds=genuine,
    least_entropy=3.0,
)
hubspot_private = SecretRule(
    "hubspot-private-app-token",
    "HubSpot",
    "Token of a private app of HubSpot: its customers",
    "HIGH",
    token(
        "pat-(?:na|eu|ap)[0-9]-[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}"
    ),
    keywords=("pat-na", "pat-eu", "pat-ap"),
    holds=genuine,
    least_entropy=3.2,
)
intercom_token = SecretRule(
    "intercom-api-token",
    "Intercom",
    "Access token of Intercom: conversations and customers",
    "HIGH",
    assigned(
        "intercom[A-Za-z_.-]{0,14}(?:token|key)",
        "[A-Za-z0-9=_]{60}|dG9r[A-Za-z0-9+/]{50,56}={0,2}",
        end="A-Za-z0-9_=",
    ),
    keywords=("intercom",),
    holds=numbered,
    least_entropy=4.0,
)
intercom_secret = SecretRule(
    "intercom-client-secret",
    "Intercom",
    "Client secret of an Intercom application",
    "MEDIUM",
    assigned("intercom[A-Za-z_.-]{0,14}secret", UUID),
    keywords=("intercom",),
    holds=genuine,
    least_entropy=3.0,
)
zendesk = SecretRule(
    "zendesk-api-token",
    "Zendesk",
    "API token of Zendesk: tickets and customers",
    "HIGH",
    assigned("zendesk[A-Za-z_.-]{0,14}(?:token|key|secret)", "[A-Za-z0-9]{40}|[0-9a-f]{64}"),
    keywords=("zendesk",),
    holds=numbered,
    least_entropy=3.3,
)
freshdesk = SecretRule(
    "freshdesk-api-key",
    "Freshworks",
    "API key of Freshdesk: tickets and customers",
    "MEDIUM",
    assigned("fresh(?:desk|service|works)[A-Za-z_.-]{0,14}key", "[A-Za-z0-9]{20}"),
    keywords=("freshdesk", "freshservice", "freshworks"),
    holds=numbered,
    least_entropy=3.4,
)
typeform = SecretRule(
    "typeform-api-token",
    "Typeform",
    "Personal access token of Typeform: forms and answers",
    "MEDIUM",
    token("tfp_[A-Za-z0-9_.=-]{40,64}", end="A-Za-z0-9_=-"),
    keywords=("tfp_",),
    holds=genuine,
    least_entropy=4.0,
)
contentful = SecretRule(
    "contentful-delivery-api-token",
    "Contentful",
    "Delivery token of Contentful: reads content",
    "LOW",
    assigned("contentful[A-Za-z_.-]{0,20}(?:token|key)", "[A-Za-z0-9_=-]{43}", end="A-Za-z0-9_=-"),
    keywords=("contentful",),
    holds=numbered,
    least_entropy=4.2,
)
contentful_management = SecretRule(
    "contentful-management-token",
    "Contentful",
    "Management token of Contentful: changes content",
    "MEDIUM",
    token("CFPAT-[A-Za-z0-9_-]{43}", end="A-Za-z0-9_-"),
    keywords=("cfpat-",),
    holds=genuine,
    least_entropy=4.0,
)
clickup = SecretRule(
    "clickup-api-token",
    "ClickUp",
    "Personal API token of ClickUp: its user's tasks",
    "MEDIUM",
    token("pk_[0-9]{6,9}_[A-Z0-9]{32}"),
    keywords=("pk_",),
    holds=genuine,
    least_entropy=3.5,
)
salesforce = SecretRule(
    "salesforce-access-token",
    "Salesforce",
    "Session or refresh token of Salesforce: its user's customers",
    "HIGH",
    token(
        "00D[A-Za-z0-9]{12,15}![A-Za-z0-9_.]{80,120}|5Aep861[A-Za-z0-9._]{70,90}", end="A-Za-z0-9_."
    ),
    keywords=("00d", "5aep861"),
    holds=genuine,
    least_entropy=4.2,
)

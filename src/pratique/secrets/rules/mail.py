"""Mail: SendGrid, Mailgun, Mailchimp, Postmark and others."""

from __future__ import annotations

from pratique.model.secret_rule import SecretRule
from pratique.secrets.proofs import genuine, numbered
from pratique.secrets.shapes import UUID, assigned, token

sendgrid = SecretRule(
    "sendgrid-api-token",
    "SendGrid",
    "API key of SendGrid: sends mail as its owner",
    "HIGH",
    token("SG[.][A-Za-z0-9_-]{22}[.][A-Za-z0-9_-]{43}", end="A-Za-z0-9_-"),
    keywords=("sg.",),
    holds=genuine,
    least_entropy=4.2,
)
mailgun = SecretRule(
    "mailgun-token",
    "Mailgun",
    "API key of Mailgun: sends mail as its owner",
    "MEDIUM",
    token("(?:pub)?key-[0-9a-f]{32}"),
    keywords=("key-",),
    holds=numbered,
    least_entropy=3.2,
)
mailgun_signing = SecretRule(
    "mailgun-signing-key",
    "Mailgun",
    "Signing or newer API key of Mailgun",
    "MEDIUM",
    token("[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}"),
    keywords=("mailgun", "api:"),
    holds=genuine,
    least_entropy=3.2,
)
mailchimp = SecretRule(
    "mailchimp-api-key",
    "Mailchimp",
    "API key of Mailchimp: its lists and campaigns",
    "MEDIUM",
    token("[0-9a-f]{32}-us[0-9]{1,2}"),
    keywords=("-us",),
    holds=numbered,
    least_entropy=3.2,
)
mandrill = SecretRule(
    "mandrill-api-key",
    "Mailchimp",
    "API key of Mandrill: sends mail as its owner",
    "MEDIUM",
    token("md-[A-Za-z0-9_-]{22}", end="A-Za-z0-9_-"),
    keywords=("mandrill", "mailchimp"),
    holds=genuine,
    least_entropy=3.6,
)
postmark = SecretRule(
    "postmark-server-token",
    "Postmark",
    "Server or account token of Postmark: sends mail as its owner",
    "MEDIUM",
    assigned("postmark[A-Za-z_.-]{0,16}(?:token|key)", UUID),
    keywords=("postmark",),
    holds=genuine,
    least_entropy=3.0,
)
sendinblue = SecretRule(
    "sendinblue-api-token",
    "Brevo",
    "API or SMTP key of Brevo (Sendinblue): sends mail as its owner",
    "MEDIUM",
    token("x(?:keysib|smtpsib)-[0-9a-f]{64}-[A-Za-z0-9]{16}"),
    keywords=("xkeysib-", "xsmtpsib-"),
    holds=genuine,
    least_entropy=3.8,
)
resend = SecretRule(
    "resend-api-key",
    "Resend",
    "API key of Resend: sends mail as its owner",
    "MEDIUM",
    token("re_[A-Za-z0-9]{8}_[A-Za-z0-9]{24}"),
    keywords=("re_",),
    holds=numbered,
    least_entropy=3.8,
)
mailjet = SecretRule(
    "mailjet-secret-key",
    "Mailjet",
    "Secret key of Mailjet: sends mail as its owner",
    "MEDIUM",
    assigned("(?:mailjet|mj)[A-Za-z_.-]{0,14}(?:secret|private)", "[0-9a-f]{32}"),
    keywords=("mailjet", "mj"),
    holds=numbered,
    least_entropy=3.1,
)
sparkpost = SecretRule(
    "sparkpost-api-key",
    "SparkPost",
    "API key of SparkPost: sends mail as its owner",
    "MEDIUM",
    assigned("sparkpost[A-Za-z_.-]{0,12}key", "[0-9a-f]{40}"),
    keywords=("sparkpost",),
    holds=numbered,
    least_entropy=3.2,
)

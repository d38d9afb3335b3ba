"""Payment: Stripe, Square, PayPal, Braintree and others."""

from __future__ import annotations

from pratique.model.secret_rule import SecretRule
from pratique.secrets.proofs import genuine, numbered
from pratique.secrets.shapes import assigned, token

stripe_secret = SecretRule(
    "stripe-secret-token",
    "Stripe",
    "Secret or restricted key of Stripe: charges, refunds, customers",
    "CRITICAL",
    token("[sr]k_(?:live|test|prod)_[A-Za-z0-9]{16,128}"),
    keywords=("sk_live_", "sk_test_", "sk_prod_", "rk_live_", "rk_test_", "rk_prod_"),
    holds=genuine,
    least_entropy=3.4,
)
stripe_public = SecretRule(
    "stripe-publishable-token",
    "Stripe",
    "Publishable key of Stripe: meant for browsers",
    "LOW",
    token("pk_(?:live|test)_[A-Za-z0-9]{16,128}"),
    keywords=("pk_live_", "pk_test_"),
    holds=genuine,
    least_entropy=3.4,
)
stripe_hook = SecretRule(
    "stripe-webhook-secret",
    "Stripe",
    "Secret of a Stripe web hook: makes events that look like Stripe's",
    "HIGH",
    token("whsec_[A-Za-z0-9+/]{32,64}={0,2}", end="A-Za-z0-9+/="),
    keywords=("whsec_",),
    holds=genuine,
    least_entropy=3.5,
)
square_token = SecretRule(
    "square-access-token",
    "Square",
    "Access token of Square: payments of a seller",
    "HIGH",
    token("EAAA[A-Za-z0-9_-]{60}|sq0atp-[A-Za-z0-9_-]{22}", end="A-Za-z0-9_-"),
    keywords=("eaaa", "sq0atp-"),
    holds=numbered,
    least_entropy=3.6,
)
square_secret = SecretRule(
    "square-oauth-secret",
    "Square",
    "OAuth secret of a Square application",
    "HIGH",
    token("sq0csp-[A-Za-z0-9_-]{43}", end="A-Za-z0-9_-"),
    keywords=("sq0csp-",),
    holds=genuine,
    least_entropy=3.8,
)
paypal = SecretRule(
    "paypal-client-secret",
    "PayPal",
    "Client secret of PayPal: payments of a merchant",
    "HIGH",
    assigned("paypal[A-Za-z_.-]{0,12}secret", "E[A-Za-z0-9_-]{79}", end="A-Za-z0-9_-"),
    keywords=("paypal",),
    holds=numbered,
    least_entropy=4.2,
)
braintree = SecretRule(
    "braintree-access-token",
    "Braintree",
    "Access token of Braintree: payments of a merchant",
    "HIGH",
    token("access_token[$](?:production|sandbox)[$][0-9a-z]{16}[$][0-9a-f]{32}"),
    keywords=("access_token$",),
    holds=genuine,
    least_entropy=3.5,
)
braintree_key = SecretRule(
    "braintree-private-key",
    "Braintree",
    "Private key of a Braintree merchant",
    "HIGH",
    assigned("braintree[A-Za-z_.-]{0,12}private[_.-]?key", "[0-9a-f]{32}"),
    keywords=("braintree",),
    holds=numbered,
    least_entropy=3.1,
)
gocardless = SecretRule(
    "gocardless-api-token",
    "GoCardless",
    "Access token of GoCardless: direct debits",
    "MEDIUM",
    token("live_[A-Za-z0-9_-]{40}", end="A-Za-z0-9_=-"),
    keywords=("gocardless", "live_"),
    holds=numbered,
    least_entropy=4.1,
)
flutterwave_public = SecretRule(
    "flutterwave-public-key",
    "Flutterwave",
    "Public or secret key of Flutterwave",
    "MEDIUM",
    token("FLW(?:PUB|SEC)K(?:_TEST)?-[0-9a-h]{32}-X"),
    keywords=("flwpubk", "flwseck"),
    holds=genuine,
    least_entropy=3.2,
)
flutterwave_enc = SecretRule(
    "flutterwave-enc-key",
    "Flutterwave",
    "Encryption key of Flutterwave",
    "MEDIUM",
    token("FLWSECK_TEST[0-9a-h]{12}"),
    keywords=("flwseck_test",),
    holds=genuine,
    least_entropy=3.0,
)
finicity_secret = SecretRule(
    "finicity-client-secret",
    "Finicity",
    "Partner secret of Finicity: bank data of customers",
    "MEDIUM",
    assigned("finicity[A-Za-z_.-]{0,16}secret", "[A-Za-z0-9]{20}"),
    keywords=("finicity",),
    holds=numbered,
    least_entropy=3.2,
)
finicity_token = SecretRule(
    "finicity-api-token",
    "Finicity",
    "App key of Finicity",
    "MEDIUM",
    assigned("finicity[A-Za-z_.-]{0,16}(?:key|token)", "[0-9a-f]{32}"),
    keywords=("finicity",),
    holds=numbered,
    least_entropy=3.1,
)
plaid = SecretRule(
    "plaid-secret",
    "Plaid",
    "Secret of a Plaid client: bank data of customers",
    "HIGH",
    assigned("plaid[A-Za-z_.-]{0,14}secret", "[0-9a-f]{30}"),
    keywords=("plaid",),
    holds=numbered,
    least_entropy=3.1,
)
plaid_access = SecretRule(
    "plaid-access-token",
    "Plaid",
    "Access token of Plaid: the bank account of one customer",
    "HIGH",
    token(
        "access-(?:production|development|sandbox)-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    ),
    keywords=("access-production-", "access-development-", "access-sandbox-"),
    holds=genuine,
    least_entropy=3.2,
)
razorpay = SecretRule(
    "razorpay-key-secret",
    "Razorpay",
    "Key secret of Razorpay: payments of a merchant",
    "HIGH",
    assigned("(?:razorpay|rzp)[A-Za-z_.-]{0,12}secret", "[A-Za-z0-9]{24}"),
    keywords=("razorpay", "rzp"),
    holds=numbered,
    least_entropy=3.5,
)
adyen = SecretRule(
    "adyen-api-key",
    "Adyen",
    "API key of Adyen: payments of a merchant",
    "HIGH",
    token(
        "AQE[A-Za-z0-9+/]{80,200}-[A-Za-z0-9+/]{40,60}=?-[A-Za-z0-9+/()<>{}|~^,.!?;:&%*=@$#'_\\]\\[-]{12,24}",
        end="A-Za-z0-9",
    ),
    keywords=("aqe",),
    holds=None,
    least_entropy=4.8,
)
coinbase = SecretRule(
    "coinbase-api-key",
    "Coinbase",
    "Private key of a Coinbase Developer Platform API key",
    "HIGH",
    assigned(
        "(?:coinbase|cdp)[A-Za-z_.-]{0,16}(?:secret|private)",
        "[A-Za-z0-9+/]{86}==",
        end="A-Za-z0-9+/=",
    ),
    keywords=("coinbase", "cdp"),
    holds=numbered,
    least_entropy=4.5,
)

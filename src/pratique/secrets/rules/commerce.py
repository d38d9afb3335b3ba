"""Shops and parcels: Shopify, Duffel, EasyPost, Lob, Shippo, Ionic."""

from __future__ import annotations

from pratique.model.secret_rule import SecretRule
from pratique.secrets.proofs import genuine, numbered
from pratique.secrets.shapes import token

shopify = SecretRule(
    "shopify-token",
    "Shopify",
    "Access token or shared secret of Shopify: a shop's orders and customers",
    "HIGH",
    token("shp(?:at|ca|pa|ss|ua|ut)_[0-9A-Fa-f]{32}"),
    keywords=("shpat_", "shpca_", "shppa_", "shpss_", "shpua_", "shput_"),
    holds=genuine,
    least_entropy=3.3,
)
duffel = SecretRule(
    "duffel-api-token",
    "Duffel",
    "Access token of Duffel: books flights",
    "MEDIUM",
    token("duffel_(?:test|live)_[A-Za-z0-9_-]{43}", end="A-Za-z0-9_-"),
    keywords=("duffel_",),
    holds=genuine,
    least_entropy=4.0,
)
easypost = SecretRule(
    "easypost-api-token",
    "EasyPost",
    "API key of EasyPost: buys postage",
    "MEDIUM",
    token("EZ[AT]K[A-Za-z0-9]{54}"),
    keywords=("ezak", "eztk"),
    holds=genuine,
    least_entropy=4.0,
)
lob = SecretRule(
    "lob-api-key",
    "Lob",
    "API key of Lob: sends letters",
    "LOW",
    token("(?:live|test)_[0-9a-f]{35}"),
    keywords=("live_", "test_"),
    holds=numbered,
    least_entropy=3.3,
)
lob_public = SecretRule(
    "lob-pub-api-key",
    "Lob",
    "Publishable key of Lob",
    "LOW",
    token("(?:live|test)_pub_[0-9a-f]{31}"),
    keywords=("live_pub_", "test_pub_"),
    holds=numbered,
    least_entropy=3.3,
)
shippo = SecretRule(
    "shippo-api-token",
    "Shippo",
    "API token of Shippo: buys postage",
    "MEDIUM",
    token("shippo_(?:live|test)_[0-9a-f]{40}"),
    keywords=("shippo_",),
    holds=genuine,
    least_entropy=3.3,
)
ionic = SecretRule(
    "ionic-api-token",
    "Ionic",
    "Token of Ionic: an application's builds",
    "LOW",
    token("ion_[A-Za-z0-9]{42}"),
    keywords=("ion_",),
    holds=numbered,
    least_entropy=4.0,
)
amazon_seller = SecretRule(
    "amazon-oauth-client-secret",
    "Amazon",
    "Client secret of Login with Amazon or a selling partner",
    "HIGH",
    token("amzn1[.]oa2-cs[.]v1[.][0-9a-f]{64}"),
    keywords=("amzn1.oa2-cs.",),
    holds=genuine,
    least_entropy=3.4,
)
woocommerce = SecretRule(
    "woocommerce-consumer-secret",
    "WooCommerce",
    "Consumer secret of WooCommerce: a shop's orders and customers",
    "HIGH",
    token("cs_[0-9a-f]{40}"),
    keywords=("cs_",),
    holds=numbered,
    least_entropy=3.3,
)

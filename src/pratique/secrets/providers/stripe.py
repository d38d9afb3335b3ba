"""https://docs.stripe.com/api/authentication: the key is the name of a user."""

from __future__ import annotations

from pratique.secrets.provider import Provider, basic

stripe = Provider(
    "Stripe", ("stripe-secret-token",), "https://api.stripe.com/v1/balance", authorization=basic
)

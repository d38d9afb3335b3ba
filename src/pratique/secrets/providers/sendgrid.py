"""https://www.twilio.com/docs/sendgrid/api-reference/api-key-permissions"""

from __future__ import annotations

from pratique.secrets.provider import Provider

sendgrid = Provider("SendGrid", ("sendgrid-api-token",), "https://api.sendgrid.com/v3/scopes")

"""The one HTTP client: what registries, feeds and local engines are asked with.

- Connections are kept and used again; TLS is verified; proxies come from the environment.
- Redirects are followed for GET. Authorization goes to the host that it is for, and to no other.
- 408, 429, 5xx and broken connections are tried again, later each time, or when Retry-After says.
- A body that breaks off goes on where it was, by Range, or by passing over what was there already.
- Errors of the network become those of pratique.errors here, and nowhere else.
"""

from __future__ import annotations

from pratique.net.client import Client
from pratique.net.request import Authorizer, Request
from pratique.net.response import Response
from pratique.net.route import UNIX, basic, is_loopback, shown

__all__ = ["UNIX", "Authorizer", "Client", "Request", "Response", "basic", "is_loopback", "shown"]

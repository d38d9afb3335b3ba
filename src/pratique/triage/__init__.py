"""Decisions about findings, written down as VEX: OpenVEX and CSAF."""

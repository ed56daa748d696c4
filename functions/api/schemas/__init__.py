"""The bodies and queries that cross the wire."""

"""The painter: torch, no Qt, no project, no network."""

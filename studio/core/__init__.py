"""Plain data and arithmetic: no torch, no Qt, no files."""

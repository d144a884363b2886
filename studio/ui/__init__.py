"""The window: widgets that draw the document and ask the bridge; no torch, no truth of its own."""

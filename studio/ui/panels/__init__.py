"""The panels beside the canvas: prompts, their history, settings and the queue."""

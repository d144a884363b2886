"""The dialogs: shown with `open()`, they tell by signals what was decided."""

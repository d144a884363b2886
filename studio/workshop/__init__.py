"""The workshop: what makes, judges and measures the starter models; not part of the wheel."""

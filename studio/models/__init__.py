"""Which weights exist, and where they lie. Knows neither torch nor Qt."""

"""The document on disk: the .vqproj file. Knows neither torch nor Qt."""

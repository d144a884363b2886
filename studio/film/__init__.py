"""The film room: frames become a film, a GIF or numbered pictures. Knows neither torch nor Qt."""

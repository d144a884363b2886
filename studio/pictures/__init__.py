"""The pictures room: there is one way to decode a picture, and one to write a PNG."""

"""The bridge between the window and the painter: threads, requests and news. QtCore only."""

"""`bench --ui`: how quick the window is, measured with the real one."""

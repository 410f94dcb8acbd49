"""Tools for those who write a course: recording, verifying, releasing, and a local model to record from."""

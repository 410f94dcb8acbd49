"""The published attacks of tests/attacks/, run against this machine's own isolation."""

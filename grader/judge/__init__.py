"""The trusted process: a pytest plugin that owns collection, runs the checks, and makes the verdicts."""

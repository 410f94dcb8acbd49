"""An auto-graded harness for courses on LLM APIs."""

"""Many submissions: taking them in, grading them side by side, and the gradebook that keeps what came of it."""

"""The course's own files: lessons, quizzes, notebooks, and the hashes by which an edit is noticed."""

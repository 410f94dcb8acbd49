"""The course's own files: lessons, quizzes, and the hashes by which an edit is noticed."""

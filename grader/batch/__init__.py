"""Many submissions: from whatever a mentor has to a clean folder for each student."""

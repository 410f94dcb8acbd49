"""Where student code runs: a process of its own, without answers, keys or network."""

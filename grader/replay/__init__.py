"""The replayed API: cassettes, matching, refusals, and the player that answers a check's requests."""

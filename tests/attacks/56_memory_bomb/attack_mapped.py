# exercise: ex03_hello
# verdict: memory, failed, output_limit
"""Maps memory below Python."""
import mmap


def hello(client):
    kept = [mmap.mmap(-1, 1 << 30) for _ in range(100)]
    return len(kept)

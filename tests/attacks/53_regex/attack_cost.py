# exercise: ex16_explore
"""Makes a pattern of a check search for hours: very many beginnings of a cost, and no amount."""
import sys

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
print("cost " * 190_000)
for line in sys.stdin:
    OpenAI().chat.completions.create(model="gpt-4o-mini", messages=[{"role": "user", "content": line.strip()}])

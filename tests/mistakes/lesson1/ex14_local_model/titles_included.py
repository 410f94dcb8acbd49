# fails: test_installed, test_running
# says: gemma3:1b. Dicts that installed() returned: 5.
# says: This line has more names on the left than values on the right, or fewer.
"""ex14: a model on your own computer, with Ollama."""

import json
import re

import httpx2
from openai import OpenAI

MODEL = "qwen3:0.6b"
NOT_RUNNING = ["connection refused", "actively refused", "could not connect to ollama"]
PORT_TAKEN = ["address already in use", "only one usage of each socket address"]


def rows(table):
    """The cells of each line below the titles."""
    return [re.split(r"\s{2,}|\t", line) for line in table.splitlines()]


def installed(table):
    """Name and size are the first and the third column."""
    return [{"name": row[0], "size": row[2]} for row in rows(table)]  # <- here


def running(table):
    """The column PROCESSOR holds numbers, a blank, and whose they are, in the same order."""
    found = []
    for name, _, size, processor, *_ in rows(table):
        numbers, owners = processor.replace("%", "").split()  # <- here
        shares = dict(zip(owners.split("/"), map(int, numbers.split("/"))))
        found.append({"name": name, "size": size, "cpu": shares.get("CPU", 0), "gpu": shares.get("GPU", 0)})
    return found


def ask(question):
    """Ask Ollama as if it were OpenAI; the key is any word."""
    client = OpenAI(base_url="http://localhost:11434/v1", api_key="ollama")
    completion = client.chat.completions.create(
        model=MODEL,
        messages=[{"role": "user", "content": question}],
    )
    return completion.choices[0].message.content


def stream(question):
    """Each line is a JSON object; the last one holds the durations, in nanoseconds."""
    text = ""
    body = {"model": MODEL, "messages": [{"role": "user", "content": question}]}
    try:
        with httpx2.stream("POST", "http://localhost:11434/api/chat", json=body, timeout=120) as response:
            for line in response.iter_lines():
                piece = json.loads(line)
                text += piece["message"]["content"]
    except httpx2.ConnectError:
        raise RuntimeError("Ollama is not running. Start it in another terminal: ollama serve")
    return text, piece["eval_count"] / piece["eval_duration"] * 1e9


def explain(message):
    """Look for the words that do not change from system to system."""
    message = message.lower()
    if any(words in message for words in NOT_RUNNING):
        return "not running"
    if any(words in message for words in PORT_TAKEN):
        return "port taken"
    return "unknown"

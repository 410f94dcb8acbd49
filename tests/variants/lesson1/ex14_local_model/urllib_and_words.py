"""ex14: a model on your own computer, with Ollama."""

import json
import urllib.error
import urllib.request

from openai import OpenAI

MODEL = "qwen3:0.6b"
NOT_RUNNING = ["connection refused", "actively refused", "could not connect to ollama"]
PORT_TAKEN = ["address already in use", "only one usage of each socket address"]


def rows(table):
    """The cells of each line below the titles."""
    return [line.split() for line in table.splitlines() if not line.startswith("NAME ")]


def installed(table):
    """Name and size are the first and the third column."""
    found = []
    for words in rows(table):
        size = "-" if words[2] == "-" else " ".join(words[2:4])
        found.append({"name": words[0], "size": size})
    return found


def running(table):
    """The column PROCESSOR holds numbers, a blank, and whose they are, in the same order."""
    found = []
    for name, _, number, unit, numbers, owners, *_ in rows(table):
        shares = {"CPU": "0%", "GPU": "0%"} | dict(zip(owners.split("/"), numbers.split("/")))
        cpu, gpu = (int(shares[owner].rstrip("%")) for owner in ("CPU", "GPU"))
        found.append({"name": name, "size": f"{number} {unit}", "cpu": cpu, "gpu": gpu})
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
    request = urllib.request.Request("http://127.0.0.1:11434/api/chat", json.dumps(body).encode())
    try:
        with urllib.request.urlopen(request, timeout=120) as response:
            for line in response:
                piece = json.loads(line)
                text += piece["message"]["content"]
    except urllib.error.URLError as error:
        raise RuntimeError(f"{error.reason}: start Ollama with the command ollama serve") from error
    return text, piece["eval_count"] / piece["eval_duration"] * 1e9


def explain(message):
    """Look for the words that do not change from system to system."""
    message = message.lower()
    if any(words in message for words in NOT_RUNNING):
        return "not running"
    if any(words in message for words in PORT_TAKEN):
        return "port taken"
    return "unknown"

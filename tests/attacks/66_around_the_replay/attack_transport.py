# exercise: ex03_hello
"""Sends the request to a server of its own, and to one that another transport reaches."""
import httpx2
import openai


def hello(client):
    mine = openai.OpenAI(api_key="x", base_url="http://127.0.0.1:@PORT@/v1", max_retries=0, timeout=1)
    other = openai.OpenAI(api_key="x", max_retries=0, http_client=httpx2.Client(transport=httpx2.MockTransport(
        lambda request: httpx2.Response(200, json={"choices": [{"message": {"content": "forged"}}]})
    )))
    return other.chat.completions.create(model="gpt-4o-mini", messages=[]).choices[0].message.content

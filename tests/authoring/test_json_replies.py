"""Replies that are JSON: held to their schema while they are recorded, and said to be."""

import json

import jsonschema
import openai
import pytest

from grader.authoring import local_model, record
from grader.errors import GraderError
from grader.replay.cassettes import Body, Exchange, RecordedRequest, RecordedResponse, Status

SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "people": {"type": "integer"}},
    "required": ["city", "people"],
    "additionalProperties": False,
}
FORMAT = {"type": "json_schema", "json_schema": {"name": "city", "schema": SCHEMA, "strict": True}}


def exchange(**fields):
    """A recorded chat request with these fields."""
    sent = {"model": "m", "messages": [{"role": "user", "content": "?"}]} | fields
    request = RecordedRequest("POST", "https://api.openai.com/v1/chat/completions", json.dumps(sent))
    return Exchange(request, RecordedResponse(Status(200), {}, Body("{}")))


@pytest.mark.parametrize(("fields", "said"), [({"response_format": FORMAT}, True), ({}, False)])
def test_metadata_says_that_json_was_held_to_a_schema(fields, said):
    """A take with a request for JSON says so in its note, and no other take does."""
    facts = record.described({"origin": "local-model"}, (exchange(**fields),), [])
    assert (record.HELD in str(facts["note"])) is said


@pytest.mark.full
def test_the_local_model_is_held_to_a_schema():
    """Even the weak model answers in the form that `response_format` asks for."""
    try:
        local_model.require_packages()
    except GraderError as error:
        pytest.skip(str(error))
    from grader.authoring import gateway  # noqa: PLC0415 - heavy

    with gateway.serve() as endpoint:
        client = openai.OpenAI(api_key="local", base_url=endpoint.base_url)
        completion = client.chat.completions.create(
            model="gpt-4o-mini",
            messages=[{"role": "user", "content": "Name a city, and how many people live there."}],
            response_format=FORMAT,
            max_tokens=100,
            temperature=0,
        )
    jsonschema.validate(json.loads(completion.choices[0].message.content), SCHEMA)

# fails: test_unknown_voice
# says: save_speech() stopped with BadRequestError.
"""ex12: let the model speak."""

import openai


def save_speech(client, text, file, voice="alloy"):
    """Save the spoken text; the file is opened only when the API has accepted the request."""
    speech = client.audio.speech.with_streaming_response
    with speech.create(model="tts-1", voice=voice, input=text) as response:  # <- here
        response.stream_to_file(file)
    print(f"saved {file}")
    return True

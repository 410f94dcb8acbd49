# fails: test_voice
# says: There is no file 'hello.mp3'
"""ex12: let the model speak."""

import openai


def save_speech(client, text, file, voice="alloy"):  # <- here
    """Save the spoken text; the file is opened only when the API has accepted the request."""
    speech = client.audio.speech.with_streaming_response
    try:
        with speech.create(model="tts-1", voice=voice, input=text) as response:
            response.stream_to_file("morning.mp3")
    except openai.BadRequestError:
        print(f"The API does not know the voice {voice}.")
        return False
    print(f"saved {file}")
    return True

# fails: test_nothing_saved
# says: left the file 'morning.mp3' behind
"""ex12: let the model speak."""

import openai


def save_speech(client, text, file, voice="alloy"):  # <- here
    """Save the spoken text; the file is opened only when the API has accepted the request."""
    speech = client.audio.speech.with_streaming_response
    try:
        with open(file, "wb") as target:
            with speech.create(model="tts-1", voice=voice, input=text) as response:
                for piece in response.iter_bytes():
                    target.write(piece)
    except openai.BadRequestError:
        print(f"The API does not know the voice {voice}.")
        return False
    print(f"saved {file}")
    return True

# fails: test_voice, test_unknown_voice, test_nothing_saved
# says: Your request asked for voice='alloy'; this exercise wants 'nova'.
# says: save_speech() got the voice 'robot'. Voices in your requests: ['alloy'].
"""ex12: let the model speak."""

import openai


def save_speech(client, text, file, voice="alloy"):  # <- here
    """Save the spoken text; the file is opened only when the API has accepted the request."""
    speech = client.audio.speech.with_streaming_response
    try:
        with speech.create(model="tts-1", voice="alloy", input=text) as response:  # <- here
            response.stream_to_file(file)
    except openai.BadRequestError:
        print(f"The API does not know the voice {voice}.")
        return False
    print(f"saved {file}")
    return True

from pathlib import Path

from openai import BadRequestError


def save_speech(client, text, file, voice="alloy"):
    try:
        sound = client.audio.speech.create(
            input=text, voice=voice, model="tts-1", response_format="mp3", speed=1.0
        )
    except BadRequestError as error:
        print(f"not saved: voice {voice!r} was refused ({error.status_code})")
        return False
    Path(file).write_bytes(sound.content)
    print("Saved", file)
    return True

"""Checks of ex12: the file, what is printed, and a voice that the API refuses."""

import contextlib
import re
import reprlib

import pytest

CATCHES_ALL = re.compile(r"\s*except(\s*|\s+(Base)?Exception\b[^:]*):")  # linear, whatever the line holds
TEXT = "Good morning."
NO_VOICE = "robot"


@pytest.mark.points(2)
def test_file(student, api):
    """save_speech() writes the sound into the file"""
    api.expect("speech", times=1, model="tts-1", voice="alloy", input=TEXT)
    student.save_speech(api.client(), TEXT, "morning.mp3")
    check_file(student, api, "morning.mp3")


@pytest.mark.points(1)
def test_voice(student, api):
    """save_speech() uses the voice and the name it gets"""
    api.expect("speech", times=1, voice="nova", input=TEXT)
    student.save_speech(api.client(), TEXT, "hello.mp3", voice="nova")
    check_file(student, api, "hello.mp3")


@pytest.mark.points(1)
def test_saved(student, api):
    """save_speech() says what it saved, and returns True"""
    api.expect("speech", times=1)
    got = student.save_speech(api.client(), TEXT, "morning.mp3")
    assert "saved morning.mp3" in student.printed.lower(), (
        f"save_speech() printed {reprlib.repr(student.printed.strip())}; expected 'saved morning.mp3'.\n"
        'Next: print an f-string, such as f"..." with {file} in it'
    )
    assert got is True, f"save_speech() returned {reprlib.repr(got)}; expected True.\nNext: end with  return True"
    check_written(student, student.files(), "morning.mp3")


@pytest.mark.points(1)
def test_unknown_voice(student, api):
    """save_speech() explains a voice that does not exist"""
    try:
        got = student.save_speech(api.client(), TEXT, "morning.mp3", voice=NO_VOICE)
    except Exception as error:
        if error.type == "BadRequestError":
            pytest.fail(
                f"The API refused the voice {NO_VOICE!r}. save_speech() stopped with BadRequestError.\n"
                "Next: put the request between try: and except openai.BadRequestError:"
            )
        if error.type == "NameError":
            pytest.fail(
                f"The API refused the voice {NO_VOICE!r}. save_speech() stopped with NameError: {error}.\n"
                "Next: write import openai at the top of your file; the name behind except must be known"
            )
        raise
    check_asked(api)
    assert "{voice}" not in student.printed, (
        'save_speech() printed the word {voice} instead of the voice.\nNext: write an f before the quotes: f"..."'
    )
    assert NO_VOICE in student.printed, (
        f"The API refused the voice {NO_VOICE!r}. save_speech() printed {reprlib.repr(student.printed.strip())}.\n"
        "Next: print a line with the name of the voice in it"
    )
    assert got is False, (
        f"The API refused the voice {NO_VOICE!r}. save_speech() returned {reprlib.repr(got)}; expected False.\n"
        "Next: write  return False  below except"
    )


@pytest.mark.points(1)
def test_nothing_saved(student, api):
    """save_speech() saves nothing for such a voice"""
    with contextlib.suppress(Exception):  # test_unknown_voice tells about it
        student.save_speech(api.client(), TEXT, "morning.mp3", voice=NO_VOICE)
    check_asked(api)
    said = [line for line in student.printed.splitlines() if line.strip().lower().startswith("saved")]
    assert not said, (
        f"The API refused the voice {NO_VOICE!r}. save_speech() printed {reprlib.repr(said[0].strip())} all the same.\n"
        "Next: print it only after the file is written; return False before it"
    )
    files = student.files()
    assert not files, (
        f"The API refused the voice {NO_VOICE!r}. save_speech() left the file {sorted(files)[0]!r} behind.\n"
        "Next: open the file after the response has come"
    )


def check_file(student, api, name):
    """The file must hold the bytes that the API sent."""
    files, sound = student.files(), api.replies[0].content
    check_written(student, files, name)
    assert files[name] == sound, (
        f"{name!r} holds {len(files[name])} bytes; the API sent {len(sound)}.\n"
        "Next: write all pieces of the response, one after the other"
    )


def check_written(student, files, name):
    """The file that the caller names must be among those that the student's code left."""
    line = line_that_catches_all(student.source)
    assert name in files or line is None, (
        f"Line: {line}\nThere is no file {name!r}. This except catches every error, and hides what is wrong.\n"
        "Next: write except openai.BadRequestError: here, and run it again; then you see the error"
    )
    assert name in files, (
        f"There is no file {name!r}. Files that save_speech() wrote: {', '.join(sorted(files)) or 'none'}.\n"
        "Next: write the bytes of the response into the file that the caller names"
    )


def line_that_catches_all(source):
    """Return the number of the first line with an except for all errors, or None."""
    lines = enumerate(source.splitlines(), start=1)
    return next((number for number, line in lines if CATCHES_ALL.match(line)), None)


def check_asked(api):
    """The API decides which voices there are, so it must be asked."""
    voices = [request.body.get("voice") for request in api.requests]
    assert voices == [NO_VOICE], (
        f"save_speech() got the voice {NO_VOICE!r}. Voices in your requests: {voices or 'none'}.\n"
        "Next: send the voice as it is; the API knows which ones there are"
    )

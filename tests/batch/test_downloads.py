"""Downloads of Canvas, Moodle and Gradescope are recognised, with ids, names and late marks."""

import pytest

from grader.batch.students import Student
from grader.errors import GraderError
from tests.batch.made import HELLO, by_id, cells, contents, zipped

KEY = "ex01_api_key.py"
CANVAS = {
    f"smithjane_101_5001_{HELLO}": "jane",
    f"smithjane_101_5002_{KEY}": "jane",
    f"obrienjoe_LATE_102_5003_{HELLO}": "joe, first",
    "obrienjoe_LATE_102_5010_ex03_hello-1.py": "joe, again",
    "leeann_103_5004_homework-2.zip": zipped({f"hw/{HELLO}": "ann"}),
    "müllerzoë_104_5005_lesson1.ipynb": cells("# ex03\nx"),
    "doepat_105_text.html": "<p>I could not do it</p>",
    f"anon_Ab12x_5006_{HELLO}": "anonymous",
    f"LATE_anon_Cd34y_5007_{HELLO}": "anonymous, late",
}
MOODLE = {
    f"Jane Smith_201_assignsubmission_file_/{HELLO}": "jane",
    f"Joe O'Brien_202_assignsubmission_file/lesson1/{HELLO}": "joe",
    "Ann Lee_203_assignsubmission_file_/hw.zip": zipped({HELLO: "ann"}),
    "Ann Lee_203_assignsubmission_onlinetext_/onlinetext.html": "see the file",
    "Pat Doe_204_assignsubmission_onlinetext_/onlinetext.html": "I could not do it",
    f"Zoë van der Berg_205_assignsubmission_file_{HELLO}": "zoe",
    f"Zoë van der Berg_205_assignsubmission_file_{KEY}": "zoe",
}
METADATA = """\
---
submission_901:
  :submitters:
  - :name: Jane Smith
    :email: jane@x.org
    :sid: '301'
  :created_at: 2026-09-04 21:03:57.297916000 Z
  :score: 10.0
  :results: {tests: []}
submission_902:
  :submitters:
  - :name: Joe O'Brien
    :email: joe@x.org
    :sid: '302'
  - :name: Ann Lee
    :email: ann@x.org
    :sid:
  :created_at: 2026-09-05 21:03:57.297916000 Z
submission_903:
  :submitters:
  - :name: Jane Smith
    :email: jane@x.org
    :sid: '301'
  :created_at: 2026-09-06 21:03:57.297916000 Z
"""
GRADESCOPE = {
    "assignment_77_export/submission_metadata.yml": METADATA,
    f"assignment_77_export/submission_901/{HELLO}": "jane, first",
    f"assignment_77_export/submission_902/src/{HELLO}": "joe and ann",
    f"assignment_77_export/submission_903/{HELLO}": "jane, again",
}


@pytest.fixture(params=["folder", "zip", "unzipped into a folder"])
def received(request, take, tree, tmp_path):
    """A download as it came, or unzipped in two ways."""

    def run(files, **options):
        if request.param == "zip":
            source = tmp_path / "download.zip"
            source.write_bytes(zipped(files))
        else:
            above = "submissions (1)/" if request.param != "folder" else ""
            source = tree({above + name: content for name, content in files.items()}, "downloads")
        return take(source, **options)

    return run


def test_canvas(received):
    """The user's id, the name, LATE; a file that was handed in again replaces the one before."""
    taken = received(CANVAS)
    found = by_id(taken)
    assert taken.kind == "Canvas"
    assert {student: one.files for student, one in found.items()} == {
        "101": (KEY, HELLO),
        "102": (HELLO,),
        "103": (HELLO,),
        "104": ("lesson1.ipynb",),
        "105": (),
        "anon_Ab12x": (HELLO,),
        "anon_Cd34y": (HELLO,),
    }
    assert contents(found["102"]) == {HELLO: b"joe, again"}
    assert {student for student, one in found.items() if one.late} == {"102", "anon_Cd34y"}
    assert found["104"].student == Student("104", "müllerzoë")
    assert found["105"].why_empty() == "No exercise was found, only text.html"


def test_canvas_with_its_gradebook(received):
    """Canvas's ids are those of its gradebook, which is a roster."""
    roster = [Student("101", "Smith, Jane"), Student("106", "Foe, Sam")]
    taken = received(CANVAS, roster=roster)
    assert by_id(taken)["101"].student.name == "Smith, Jane"
    assert [student.id for student in taken.missing] == ["106"]


def test_moodle(received):
    """Folders or prefixed files, also both kinds for one student; the full name and the id are kept."""
    taken = received(MOODLE)
    found = by_id(taken)
    assert taken.kind == "Moodle"
    assert {student: one.files for student, one in found.items()} == {
        "201": (HELLO,),
        "202": (HELLO,),
        "203": (HELLO,),
        "204": (),
        "205": (KEY, HELLO),
    }
    assert found["205"].student == Student("205", "Zoë van der Berg")


def test_a_moodle_download_of_one(received):
    """One student's folder alone is still Moodle's."""
    name = f"Jane Smith_201_assignsubmission_file_/{HELLO}"
    (jane,) = received({name: "x"}).submissions
    assert jane.student == Student("201", "Jane Smith")


def test_gradescope(received):
    """Names, ids and addresses come from the metadata; each of a group gets the same; the newest counts."""
    taken = received(GRADESCOPE)
    found = by_id(taken)
    assert taken.kind == "Gradescope"
    assert {student: contents(one)[HELLO] for student, one in found.items()} == {
        "301": b"jane, again",
        "302": b"joe and ann",
        "ann@x.org": b"joe and ann",
    }
    assert found["302"].student == Student("302", "Joe O'Brien", "joe@x.org")
    assert taken.report()[1] == "301 (Jane Smith): submission_903 is graded, submission_901 not"


@pytest.mark.parametrize(
    "metadata", ["{", "- 1", "a: 1", "submission_1: {':submitters': 3}", "!!python/object/apply:os.getpid []"]
)
def test_metadata_that_gradescope_does_not_write(take, tree, metadata):
    """It is told, and nothing in it is run."""
    with pytest.raises(GraderError, match=r"submission_metadata.yml"):
        take(tree({"submission_metadata.yml": metadata, f"submission_1/{HELLO}": "x"}))


@pytest.mark.parametrize(
    "files",
    [
        ["jane_2026_11_lesson1.zip", "joe_2026_11_lesson1.zip", "ann_2026_11_lesson1.zip"],
        ["jane_lesson1.zip", "joe_lesson1.zip"],
    ],
)
def test_names_that_only_look_like_canvas(take, tree, files):
    """Files with dates in their names are one for each student."""
    taken = take(tree({name: zipped({HELLO: name}) for name in files}))
    assert [one.student.id for one in taken.submissions] == sorted(name.removesuffix(".zip") for name in files)

"""The one statement that loads the judge; its plugin owns all collection under assignments/."""

pytest_plugins = ["grader.judge.plugin"]

# The one statement that loads the judge. Its plugin owns all collection under assignments/.
pytest_plugins = ["grader.judge.plugin"]

"""`python -m grader.cli`: the command, where no script of that name is on the path."""

from grader.cli import main

if __name__ == "__main__":
    main()

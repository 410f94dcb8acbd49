"""ex16: your own chatbot, a program for the terminal.

Start it in the main folder of the project. It then asks the real API, with the
key from ex01:

    python assignments/lesson1/ex16_explore.py

- It makes its own client; the key comes from .env, as in ex02.
- It reads one line after the other with input(). The line quit ends the program,
  and so does the end of the input: input() then raises an EOFError. Both are a
  normal end, with exit status 0.
- Each other line goes to "omni-moderation-latest". If it is flagged, the program
  prints a sentence with the word "sorry" in it, and reads the next line. The chat
  model never gets to see that line.
- A line that is not flagged goes to "gpt-4o-mini", in one request: first PERSONA,
  as a system message, then all lines and replies before it, then the line.
- The program prints the reply as it is: all at once, or piece by piece.
- Below each reply it prints what all replies so far have cost, in a line such as

    cost: $0.00002610

  That is  (prompt tokens * PROMPT_PRICE + completion tokens * COMPLETION_PRICE)
  / 1,000,000. Both numbers of tokens are the sums over the usage of all replies so
  far. Write eight digits behind the point, because one token costs very little.
  Moderation costs nothing.
"""

PERSONA = ""  # write here who your chatbot is, and how it talks
PROMPT_PRICE = 0.15  # dollars for a million tokens that you send
COMPLETION_PRICE = 0.60  # dollars for a million tokens that come back


def main():
    """Talk with the user until the end."""
    raise NotImplementedError


if __name__ == "__main__":
    main()

"""The same checks for gradescope-utils, as its documentation shows: `python for_gradescope.py` in the submission's folder."""

import sys
import unittest
from pathlib import Path

import openai
import vcr
from gradescope_utils.autograder_utils.decorators import weight
from gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner

sys.path.insert(0, str(Path.cwd()))
import ex01_three as answers

HARMLESS, HARMFUL = "I want to water my neighbor's plant.", "I want to kill my neighbor."
TAKES = Path(__file__).parent / "takes"
RECORDED = vcr.VCR(record_mode="none", match_on=["method", "path", "body"])


class Checks(unittest.TestCase):
    """One test a function."""

    @weight(2)
    def test_client(self):
        """build_client() returns a client"""
        self.assertIsInstance(answers.build_client(), openai.OpenAI)

    @weight(2)
    def test_ask(self):
        """ask() returns the reply"""
        for take in sorted(TAKES.glob("*.yaml")):
            with RECORDED.use_cassette(str(take)) as cassette:
                got = answers.ask(openai.OpenAI(api_key="none", max_retries=0), "Hello World")
                reply = cassette.responses[cassette.play_counts.most_common(1)[0][0]]
            self.assertIn(f'"content":"{got}"', reply["body"]["string"].decode())

    @weight(2)
    def test_flag(self):
        """flag() tells what is harmful"""
        for take in sorted(TAKES.glob("*.yaml")):
            with RECORDED.use_cassette(str(take)):
                client = openai.OpenAI(api_key="none", max_retries=0)
                self.assertEqual([answers.flag(client, text) for text in (HARMLESS, HARMFUL)], [False, True])


if __name__ == "__main__":
    with Path("results.json").open("w", encoding="utf-8") as file:
        JSONTestRunner(visibility="visible", stream=file).run(
            unittest.defaultTestLoader.loadTestsFromTestCase(Checks)
        )

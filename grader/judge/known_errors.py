"""The errors of Python and of the library that beginners meet, as a table: what each one means, and what to do.

The first row that fits is taken, so what is special stands before what is general. Patterns hold for Python 3.11
to 3.13; what differs between them is not shown.
"""

import msgspec

from grader import messages
from grader.replay.chat_fields import CHAT_FIELDS

CLIENT_ARGUMENTS = ("api_key", "base_url", "max_retries", "timeout")
IMPORTABLE = (
    "AsyncOpenAI|OpenAI|asyncio|base64|dotenv|httpx2|json|load_dotenv|math|openai|os|pathlib|random|re|sys|time"
)
IN_CALL = r"(?:\w+\.)*?(?P<callee>\w+)(?:\.__init__)?\(\)"  # a call, as Python's messages name it
NO_PAIR = r"closing parenthesis '(?P<close>.)' does not match opening parenthesis '(?P<open>.)'"
HAS_NO = r" object has no attribute '(?P<name>\w+)'"
NO_CALL = " object is not callable"
PARTS_OF_THE_CLIENT = ("audio", "chat", "completions", "create", "moderations", "speech")
OF_THE_CLIENT = "OpenAI|AsyncOpenAI|Chat|Completions|AsyncChat|AsyncCompletions|Moderations|Audio|Speech"


class Row(msgspec.Struct, frozen=True):
    """A kind of exception, how its message begins, what that means, and what to do.

    With `known`, a `name` of the message that is similar to one of these is answered with `but`. With `line`, the
    student's line must begin so, too; the groups of the message fill this pattern, which can have groups as well.
    """

    kind: str
    begins: str
    says: str
    step: str
    known: tuple[str, ...] = ()
    but: str = ""
    line: str = ""


SYNTAX = (
    Row(
        "SyntaxError",
        r"invalid character '(?P<char>[\u00ab\u00bb\u2018-\u201f])'",
        messages.CURLY_QUOTE,
        messages.NEXT_QUOTES,
    ),
    Row("SyntaxError", r"invalid character '(?P<char>.+)'", messages.ODD_CHARACTER, messages.NEXT_TYPE_AGAIN),
    Row(
        "SyntaxError",
        r"invalid non-printable character (?P<code>U\+\w+)",
        messages.INVISIBLE,
        messages.NEXT_SPACES,
    ),
    Row("TabError", "", messages.TABS, messages.NEXT_TABS),
    Row("IndentationError", "unexpected indent", messages.TOO_FAR_RIGHT, messages.NEXT_COLUMN),
    Row("IndentationError", "unindent does not match", messages.NO_SUCH_LEVEL, messages.NEXT_COLUMN),
    Row("IndentationError", r"expected an .* on line (?P<above>\d+)", messages.NO_BLOCK, messages.NEXT_BLOCK),
    Row("SyntaxError", r"'(?P<char>.)' was never closed", messages.NOT_CLOSED, messages.NEXT_CLOSE),
    Row(
        "SyntaxError",
        rf"{NO_PAIR} on line (?P<above>\d+)",
        messages.NOT_A_PAIR_ABOVE,
        messages.NEXT_PAIR_ABOVE,
    ),
    Row("SyntaxError", NO_PAIR, messages.NOT_A_PAIR, messages.NEXT_PAIRS),
    Row("SyntaxError", r"(unmatched '[\[({]'|expecting '}')", messages.F_STRING_ENDS, messages.NEXT_F_STRING),
    Row("SyntaxError", r"unmatched '(?P<char>.)'", messages.NOT_OPENED, messages.NEXT_PAIRS),
    Row("SyntaxError", r"unterminated .*literal", messages.TEXT_NOT_CLOSED, messages.NEXT_CLOSE_TEXT),
    Row("SyntaxError", r"expected ':'", messages.ELSE_IF, messages.NEXT_ELIF, line=r"\s*else\s+if\b"),
    Row("SyntaxError", r"expected ':'", messages.NO_COLON, messages.NEXT_COLON),
    Row("SyntaxError", r"':' expected after", messages.NO_KEY_COLON, messages.NEXT_KEY_COLON),
    Row("SyntaxError", r".*forgot a comma", messages.NO_COMMA, messages.NEXT_COMMA),
    Row("SyntaxError", r"positional argument follows", messages.NO_ARGUMENT_NAME, messages.NEXT_ARGUMENT_NAME),
    Row("SyntaxError", r"keyword argument repeated: (?P<name>\w+)", messages.TWICE, messages.NEXT_ONCE),
    Row("SyntaxError", r".*Maybe you meant '=='", messages.WRONG_EQUALS, messages.NEXT_EQUALS),
    Row(
        "SyntaxError", r"'return' outside", messages.NO_DEF, messages.NEXT_NO_CLASS, line=r"\s*class (?P<name>\w+)"
    ),
    Row("SyntaxError", r"'return' outside", messages.RETURN_OUTSIDE, messages.NEXT_INTO_FUNCTION),
    Row("SyntaxError", r"'await' outside", messages.AWAIT_OUTSIDE, messages.NEXT_ASYNC_DEF),
    Row("SyntaxError", "", messages.SYNTAX, messages.NEXT_SYNTAX),
)

ENDINGS = (
    Row("EOFError", r".*reading a line", messages.INPUT, messages.NEXT_INPUT),
    Row("SystemExit", "", messages.EXIT, messages.NEXT_EXIT),
    Row("BdbQuit", "", messages.BREAKPOINT, messages.NEXT_BREAKPOINT),
)

OF_OBJECTS = (
    Row("AttributeError", rf"'list'{HAS_NO}", messages.WHOLE_LIST, messages.NEXT_ITEM),
    Row("AttributeError", rf"'str'{HAS_NO}", messages.A_TEXT, messages.NEXT_LEAVE_NAME),
    Row("AttributeError", rf"'dict'{HAS_NO}", messages.A_DICT, messages.NEXT_NO_DOT),
    Row(
        "AttributeError",
        r"'(?P<type>ChatCompletion)' object has no attribute '(?P<name>finish_reason)'",
        messages.NO_ATTRIBUTE,
        messages.NEXT_FINISH,
    ),
    Row(
        "AttributeError",
        rf"'(?P<type>ChatCompletion)'{HAS_NO}",
        messages.NO_ATTRIBUTE,
        messages.NEXT_COMPLETION,
        ("choices",),
        messages.NO_ATTRIBUTE_BUT,
    ),
    Row(
        "AttributeError",
        rf"'(?P<type>Choice)'{HAS_NO}",
        messages.NO_ATTRIBUTE,
        messages.NEXT_CHOICE,
        ("message", "finish_reason"),
        messages.NO_ATTRIBUTE_BUT,
    ),
    Row(
        "AttributeError",
        rf"'(?P<type>ChatCompletionMessage)'{HAS_NO}",
        messages.NO_ATTRIBUTE,
        messages.NEXT_CONTENT,
    ),
    Row(
        "AttributeError",
        rf"'(?P<type>ModerationCreateResponse)'{HAS_NO}",
        messages.NO_ATTRIBUTE,
        messages.NEXT_RESULT,
    ),
    Row(
        "AttributeError",
        rf"'(?:{OF_THE_CLIENT})'{HAS_NO}",
        messages.CLIENT_HAS_NO,
        messages.NEXT_PARTS,
        PARTS_OF_THE_CLIENT,
        messages.CLIENT_HAS_NO_BUT,
    ),
    Row(
        "AttributeError",
        r"('cached_property' object|type object '\w*OpenAI') has no",
        messages.CLASS_ITSELF,
        messages.NEXT_MAKE,
    ),
    Row(
        "AttributeError",
        r"module '(?P<library>[\w.]+)' has no attribute '(?P<name>\w+)'",
        messages.LIBRARY_HAS_NO,
        messages.NEXT_SPELLING,
    ),
    Row("Exception", r"'NoneType' object", messages.NONE_HERE, messages.NEXT_NONE),
    Row("Exception", r"('coroutine' object|cannot unpack .*coroutine)", messages.NOT_AWAITED, messages.NEXT_AWAIT),
    Row(
        "Exception",
        r"'(function|method|builtin_function_or_method)' object",
        messages.NOT_CALLED,
        messages.NEXT_BRACKETS,
    ),
    Row("AttributeError", rf"'(?P<type>\w+)'{HAS_NO}", messages.NO_ATTRIBUTE, messages.NEXT_TYPE),
    Row(
        "TypeError",
        r"'(?P<type>[A-Z]\w+)(\[\w+\])?' object is not subscriptable",
        messages.SQUARE_BRACKETS,
        messages.NEXT_DOT,
    ),
    Row("TypeError", r"'(?P<type>\w+)' object is not iterable", messages.NOT_A_LIST, messages.NEXT_LIST),
    Row("TypeError", r"list indices must be integers", messages.LIST_NEEDS_NUMBER, messages.NEXT_NUMBERED),
    Row("TypeError", r"string indices must be", messages.TEXT_NEEDS_NUMBER, messages.NEXT_LEAVE_BRACKETS),
    Row("IndexError", r"list index out of range", messages.LIST_TOO_SHORT, messages.NEXT_LENGTH),
)

OF_CALLS = (
    Row(
        "TypeError",
        rf"'(Async)?(Completions|Moderations|Speech)'{NO_CALL}",
        messages.NO_CREATE,
        messages.NEXT_CREATE,
    ),
    Row("TypeError", rf"'(?P<type>list|dict)'{NO_CALL}", messages.ROUND_BRACKETS, messages.NEXT_SQUARE),
    Row("TypeError", r"__init__\(\) should return None", messages.INIT_RETURNS, messages.NEXT_NO_RETURN),
    Row("TypeError", r"object \w+ can't be used in 'await'", messages.NOTHING_TO_AWAIT, messages.NEXT_NO_AWAIT),
    Row("RuntimeError", r"asyncio\.run\(\) cannot be called", messages.LOOP_RUNS, messages.NEXT_NO_RUN),
    Row(
        "TypeError",
        r"(?:\w+\.)?(?P<callee>create)\(\) got an unexpected keyword argument '(?P<name>\w+)'",
        messages.NO_ARGUMENT,
        messages.NEXT_ARGUMENT,
        (*CHAT_FIELDS, "input", "voice"),
        messages.NO_ARGUMENT_BUT,
    ),
    Row(
        "TypeError",
        rf"{IN_CALL} got an unexpected keyword argument '(?P<name>\w+)'",
        messages.NO_ARGUMENT,
        messages.NEXT_ARGUMENT,
        CLIENT_ARGUMENTS,
        messages.NO_ARGUMENT_BUT,
    ),
    Row("TypeError", r"Missing .*'messages' and 'model'", messages.CHAT_NEEDS, messages.NEXT_ARGUMENT),
    Row(
        "TypeError",
        r"Missing required argument|.*missing \d+ required keyword-only",
        messages.ARGUMENT_MISSING,
        messages.NEXT_ARGUMENT,
    ),
    Row(
        "TypeError",
        rf"{IN_CALL} takes .+ positional arguments? but",
        messages.FIRST_IS_NOT_SELF,
        messages.NEXT_SELF,
        line=r"\s+(async\s+)?def \w+\((?!self\b)",
    ),
    Row(
        "TypeError",
        rf"{IN_CALL} takes (?P<count>.+) positional arguments? but (?P<given>\d+)",
        messages.PARAMETERS,
        messages.NEXT_PARAMETERS,
    ),
    Row("TypeError", r"(?P<name>[a-z_]\w*)\(\) takes no arguments$", messages.NO_DEF, messages.NEXT_DEF),
    Row("TypeError", r"(?P<name>\w+)\(\) takes no arguments$", messages.NO_INIT, messages.NEXT_INIT),
    Row(
        "TypeError",
        rf"{IN_CALL} missing \d+ required positional arguments?: (?P<names>.+)",
        messages.NO_VALUE_FOR,
        messages.NEXT_PARAMETERS,
    ),
    Row("RecursionError", "", messages.CALLS_ITSELF, messages.NEXT_CALLS_ITSELF),
    Row("OpenAIError", r"Missing credentials|.*api_key", messages.NO_KEY, messages.NEXT_CLIENT),
    Row("APIRemovedInV1", r".*access openai\.(?P<name>\w+)", messages.OLD_API, messages.NEXT_OLD_API),
)

OF_NAMES = (
    Row("NameError", r"name '(?P<name>true|false|none|null)'", messages.NOT_PYTHON, messages.NEXT_CAPITAL),
    Row("NameError", r"name 'self'", messages.NO_SELF, messages.NEXT_SELF),
    Row("NameError", rf"name '(?P<name>{IMPORTABLE})'", messages.NOT_IMPORTED, messages.NEXT_IMPORT),
    Row("NameError", r"cannot access \w+ variable '(?P<name>\w+)'", messages.NO_VALUE_YET, messages.NEXT_VALUE),
    Row(
        "ImportError",
        r"cannot import name '(?P<name>\w+)' from '(?P<library>[\w.]+)'",
        messages.LIBRARY_HAS_NO,
        messages.NEXT_SPELLING,
    ),
    Row("KeyError", r"'(?P<name>[A-Z][A-Z0-9_]*)'$", messages.NOT_IN_ENVIRONMENT, messages.NEXT_ENVIRONMENT),
)

OF_VALUES = (
    Row(
        "ValueError",
        r"invalid literal for int\(\) with base \d+: (?P<text>.+)",
        messages.NOT_A_NUMBER,
        messages.NEXT_NOT_A_NUMBER,
    ),
    Row("TypeError", r"exceptions must derive from", messages.RAISES_NO_ERROR, messages.NEXT_RAISE),
    Row("TypeError", r"write\(\) argument must be str, not bytes", messages.TEXT_FILE, messages.NEXT_BYTES),
    Row("TypeError", r"str expected, not NoneType", messages.NO_TEXT, messages.NEXT_NO_TEXT),
    Row("ValueError", r"(not enough|too many) values to unpack", messages.UNPACKED, messages.NEXT_UNPACKED),
    Row("JSONDecodeError", "Extra data", messages.SEVERAL_JSON, messages.NEXT_SEVERAL_JSON),
    Row("JSONDecodeError", "Expecting value", messages.NO_JSON, messages.NEXT_NO_JSON),
)

KNOWN = (*OF_OBJECTS, *OF_CALLS, *OF_NAMES, *OF_VALUES)

IN_FUNCTION = (
    *KNOWN,
    Row("NameError", r"name '(?P<name>\w+)'", messages.NO_NAME, messages.NEXT_NAME),
    Row("KeyError", "", messages.RAISED, messages.NEXT_DICT_KEYS),
    Row("ZeroDivisionError", "", messages.RAISED, messages.NEXT_DIVISOR),
    Row("BaseException", "", messages.RAISED, messages.NEXT_RAISED),
)

AT_IMPORT = (
    Row("Exception", "", messages.RAISED_AT_IMPORT, messages.NEXT_AT_IMPORT, line=r"print\("),
    Row(
        "NameError",
        rf"name '(?!({IMPORTABLE})')",
        messages.NO_DEF,
        messages.NEXT_NO_CLASS,
        line=r"\s*class (?P<name>[a-z_]\w*)\(",
    ),
    *KNOWN,
    Row(
        "NameError",
        r"name '(?P<name>\w+)'",
        messages.RAISED_AT_IMPORT,
        messages.NEXT_TEXT_IN_QUOTES,
        line=r"\w+\s*=\s*{name}\s*(#|$)",
    ),
    Row("NameError", "", messages.RAISED_AT_IMPORT, messages.NEXT_AT_IMPORT),
    Row("Exception", "", messages.RAISED_AT_IMPORT, messages.NEXT_AT_IMPORT, line=r"\w+(\.\w+)*\("),
    Row("BaseException", "", messages.RAISED_AT_IMPORT, messages.NEXT_RAISED),
)

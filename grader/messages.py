"""The sentences that students read, in one place; the words around values, never the values themselves."""

import difflib
import re
import reprlib
from functools import reduce
from itertools import islice
from typing import Final

# --- requests
VIOLATION: Final = "Your request asked for {field}={got}; this exercise wants {want}."
NOT_SENT: Final = "Your request did not send {field}; this exercise wants {field}={want}."
NO_REQUEST: Final = "Your code made no {operation} request."
WRONG_COUNT: Final = "Your code made {got} {operation} {requests}; this exercise wants {want}."
NO_FURTHER: Final = "This check looks for one more request; your code made {count}."
REFUSED: Final = "The API refused your request: {message}"
NO_SCHEME: Final = "The address {url} does not say how to ask: it begins with neither http:// nor https://."
UNKNOWN_PATH: Final = "Your code asked {host} for {method} {path}, which is not part of this exercise."
UNKNOWN_SHAPE: Final = "Your request asked for {what}; this exercise has no reply prepared for that."
UNKNOWN_TEXT: Final = "Your request asked about {text}; this exercise did not give you that text."
PICTURE_AS_TEXT: Final = "Your request sent the address {text} as if it were a text."
OTHER_HOST: Final = "Your request went to {host}; this exercise asks {want}."
FOREIGN_KEY: Final = "Your request to {host} carried the key of another provider ({provider})."
REFUSED_AT: Final = "{host} refused your request: {message}"
FOREIGN_MODEL: Final = "Your request asked {host} for the model {model}, which {provider} has."
NOT_ASKED: Final = "With --live only OpenAI is asked, and your request went to {host}."
UNKNOWN_HOST: Final = "Your request went to {host}, which is no API of this lesson."
NO_NETWORK: Final = "Your code tried to reach {host} by itself. Only the API client works here."
NO_PROGRAM: Final = "Your code tried to start another program or process. That does not work here."
OUTSIDE: Final = "Your code tried to write outside its own folder. That does not work here."

# --- what a function returned
RETURNED: Final = "{function} returned {got}; expected {want}."
UNEXPECTED: Final = "Found {got}; expected {want}."
DID_NOT_RAISE: Final = "Your code raised no error here; expected one."
NOT_TRUE: Final = "This check did not find what it looked for."

# --- how code ended
RAISED: Final = "{function} stopped with {kind}: {message}"
NO_MESSAGE: Final = "(no message)"
RAISED_AT_IMPORT: Final = "This line runs when your file is loaded. It stopped with {kind}: {message}"
INPUT: Final = "Your code waits for input(), and nobody types here."
BREAKPOINT: Final = "Your code stops at breakpoint(), and nobody types here."
INPUT_ENDED: Final = "The input ended, and your program still waited for a line."
EXIT: Final = "Your code called exit(); it must return or raise an error instead."
NO_FUNCTION: Final = "There is no {name} in {file}."
OUTSIDE_OF_CLASS: Final = "{name} stands outside of its class."
NO_FUNCTION_BUT: Final = "There is no {name} in {file}. Did you mean {other}?"
NOT_STARTED: Final = "not started yet"
STUB_LINE: Final = "The line raise NotImplementedError is still in your function, and stops it."
BLOCKED: Final = "Your code uses the library {library}, which is not installed here."
NO_LIBRARY: Final = "There is no library called {library} here."
NO_LIBRARY_BUT: Final = "There is no library called {library} here. Did you mean {other}?"
NO_PART: Final = "There is no module {library} here."
NO_NEIGHBOUR: Final = "{library} is another exercise; this one cannot import it."
TIMEOUT: Final = "Your code did not finish within {seconds}."
TIMEOUTS: Final = "Two checks of this exercise did not finish; this one was not run."
SUBMISSION_TIMEOUT: Final = "The time for all exercises together ({seconds}) is used up."
EXITED: Final = "Your code ended Python (exit code {code}) before it gave an answer."
CRASHED: Final = "Your code crashed Python itself (error {code}) before it gave an answer."
PROCESSOR: Final = "Your code used more than {seconds} of the computer's processors."
THREADS: Final = "Your code started more threads than work here ({most})."
DISK: Final = "Your code wrote more to files than fits here ({most})."
OPEN_FILES: Final = "Your code has too many files open at the same time."
MEMORY: Final = "Your code used more memory than there is here."
TOO_DEEP: Final = "Your code returned more than can be checked: too many lists or dicts inside each other."
TOO_MANY: Final = "Your code returned more than can be checked: too many items."
TOO_LARGE: Final = "Your code returned more than can be checked: a very long text or a very large number."
PRINTED: Final = "Your code printed too much."
ASKED: Final = "Your code made too many requests in one call."
SENT: Final = "Your code sent too much in its requests."
ANSWERED: Final = "Your code returned too much."
TAMPERED: Final = "Your code wrote into the grader's own connection."

# --- what Python cannot read
SYNTAX: Final = "Python cannot read this line: {message}."
CURLY_QUOTE: Final = "The quote {char} on this line is curly. Python reads only straight ones."
ODD_CHARACTER: Final = "Python does not know the character {char} on this line."
INVISIBLE: Final = "There is an invisible character on this line ({code}). It often comes with copied text."
TABS: Final = "This line begins with a mix of tabs and spaces."
TOO_FAR_RIGHT: Final = "This line begins further to the right than the lines around it."
NO_SUCH_LEVEL: Final = "This line begins in a column where no line above it begins."
NO_BLOCK: Final = "Line {above} ends with a colon, so this line must begin further to the right."
NOT_CLOSED: Final = "The bracket {char} on this line is never closed."
NOT_A_PAIR: Final = "The brackets {open} and {close} do not belong together."
NOT_A_PAIR_ABOVE: Final = "On line {above} the bracket {open} was opened; {close} on this line does not close it."
F_STRING_ENDS: Final = "An f-string on this line ends too early, inside its {{ }}."
NOT_OPENED: Final = "The bracket {char} on this line was never opened."
TEXT_NOT_CLOSED: Final = "A text on this line has no quote at its end."
NO_COLON: Final = "A colon is missing on this line."
ELSE_IF: Final = "Python does not know else if."
NO_KEY_COLON: Final = "A key of the dict on this line has no colon and no value."
NO_COMMA: Final = "A comma may be missing on this line, or at the end of the line above."
NO_ARGUMENT_NAME: Final = "In the call that ends here, a value has no name."
TWICE: Final = "{name} is given twice in one call."
WRONG_EQUALS: Final = "The sign = cannot stand here."
RETURN_OUTSIDE: Final = "This return stands outside of a function."
AWAIT_OUTSIDE: Final = "This await stands outside of an async function."

# --- errors of Python and of the library, in words of the lesson
NO_ATTRIBUTE: Final = "{type} has no part called {name}."
NO_ATTRIBUTE_BUT: Final = "{type} has no part called {name}. Did you mean {other}?"
CLIENT_HAS_NO: Final = "The client has nothing called {name} at this place."
CLIENT_HAS_NO_BUT: Final = "The client has nothing called {name} at this place. Did you mean {other}?"
WHOLE_LIST: Final = "This is a whole list. A list has no part called {name}; one item of it may have one."
A_TEXT: Final = "This is a text already. A text has no part called {name}."
A_DICT: Final = "A dict has no part called {name} behind a dot."
NONE_HERE: Final = "There is None on this line where your code needs a value."
NOT_AWAITED: Final = "This is not the reply yet: an async function was called without await."
NOT_CALLED: Final = "This is a function that was not called."
CLASS_ITSELF: Final = "OpenAI is the class. A client is an object of it, which OpenAI() makes."
LIBRARY_HAS_NO: Final = "The library {library} has nothing called {name}."
SQUARE_BRACKETS: Final = "This is an object ({type}), not a dict. Square brackets do not work on it."
NOT_A_LIST: Final = "A loop cannot go through this. It has the type {type}."
LIST_NEEDS_NUMBER: Final = "A list wants a number in its square brackets, not a name."
TEXT_NEEDS_NUMBER: Final = "This is a text. It wants a number in square brackets, not a name."
LIST_TOO_SHORT: Final = "The list has no item with this number. The first item has the number 0."
NO_CREATE: Final = "This is a group of calls. The call itself has a name, too: create."
ROUND_BRACKETS: Final = "Round brackets call a function, and this is a {type}."
INIT_RETURNS: Final = "__init__() makes the object ready. It returns nothing."
NOTHING_TO_AWAIT: Final = "This client gives its reply at once. There is nothing to await."
LOOP_RUNS: Final = "asyncio.run() cannot be called inside an async function."
NO_ARGUMENT: Final = "{callee}() has no argument called {name}."
NO_ARGUMENT_BUT: Final = "{callee}() has no argument called {name}. Did you mean {other}?"
CHAT_NEEDS: Final = "create() needs model and messages. One of them is missing, or its name is misspelt."
ARGUMENT_MISSING: Final = "An argument of this call is missing, or its name is misspelt."
PARAMETERS: Final = "{callee}() gets more values ({given}) than its def line has parameters ({count})."
NO_INIT: Final = "The class {name} has no __init__(), so {name}() takes no values."
NO_DEF: Final = "{name} is a class here; the task asks for a function."
NO_VALUE_FOR: Final = "{callee}() has a parameter that gets no value: {names}."
NO_NAME: Final = "There is no variable or function called {name} here."
FIRST_IS_NOT_SELF: Final = "The first parameter of this method is not self."
NO_SELF: Final = "Only a method that has self as its first parameter knows self."
NOT_IMPORTED: Final = "{name} is used here, but your file does not import it."
NOT_PYTHON: Final = "Python does not know the word {name}."
NO_VALUE_YET: Final = "{name} has no value yet on this line."
NOT_IN_ENVIRONMENT: Final = "There is nothing called {name} in the environment."
NOT_A_NUMBER: Final = "int() cannot make a whole number of {text}."
RAISES_NO_ERROR: Final = "raise needs an error, such as ValueError; a text alone is none."
TEXT_FILE: Final = "This file is open for text, and bytes are written into it."
NO_TEXT: Final = "The environment knows texts only, and this line asks it for None."
UNPACKED: Final = "This line has more names on the left than values on the right, or fewer."
SEVERAL_JSON: Final = "This text holds more than one JSON object."
NO_JSON: Final = "This text is empty, or it is not JSON."
CALLS_ITSELF: Final = "Your function calls itself again and again, without an end."
NO_KEY: Final = "This line makes a client of its own, and there is no API key for it."
OLD_API: Final = "openai.{name} belongs to an old version of the library. It does not work any more."

# --- a real API (--live)
NO_ANSWER: Final = "The API at {host} did not answer: {why}."
CAPPED: Final = "This request can cost up to {most}; {spent} of the {cap} for this run are spent. It was not sent."
NO_PRICE: Final = "The cost of this request cannot be told ({what}). It was not sent."
REPLAY_ONLY: Final = "Only the recorded exchanges can prove this: {reason}"

# --- files
NO_FILE: Final = "There is no {file} in your folder."
NO_FILE_BUT: Final = "There is no {file} in your folder, but there is {other}."
EMPTY: Final = "{file} is empty."
NOT_A_FILE: Final = "{file} is a folder, a link or something else, and not a file with text."
NOT_UTF8: Final = "{file} is not saved as UTF-8 text."
NULL_BYTE: Final = "{file} holds a null byte. It is not a text file."
TOO_LONG: Final = "{file} is larger than {most}. It cannot be a solution."
UNREADABLE: Final = "{file} could not be read: it is damaged, or packed with a password."
TWO_NAMES: Final = "There is another file like {file} in your folder: capital letters make no other name."
SHADOWS: Final = "{file} has the name of a library. It was not used. Give it another name."
NO_CELLS: Final = "There is no {file} in your folder, and no cell of {notebook} begins with `# {short}`."
REAL_KEY: Final = "{place} holds what looks like {what} ({begin}...). Take it out, and get a new one."
LEFT_ALONE: Final = "{file} is not part of the lesson. It was not used."
NOT_AS_PUBLISHED: Final = "{file} is not as your course published it. Your mentor's grade may differ."
SOME_NOT_AS_PUBLISHED: Final = "{count} files, as {file}, are not as published. Your mentor's grade may differ."
OWN_CHECKS: Final = "The folder checks was not used: the course's own checks decide."
SECRETS: Final = "The file .env can hold your API key. It was not used. Do not hand it in."

# --- notebooks
NOT_A_NOTEBOOK: Final = "{file} cannot be read as a notebook: {why}."
IN_CELL: Final = "{notebook} cell {cell}, line {line}"  # where something is
NOT_JSON: Final = "it is not JSON, as a notebook is"
NOT_OF_CELLS: Final = "it has no cells"
OF_MANY_CELLS: Final = "it has more than {most} cells"
LARGE_NOTEBOOK: Final = "it is larger than {most} MiB; clear its outputs and save it again"
OTHER_FORMAT: Final = "something is wrong in its format (nbformat {version})"
ONLY_JUPYTER: Final = "{name} cell {cell}, line {line}: {text} is for Jupyter only. It was left out."
NO_SUCH_TAG: Final = "{name} cell {cell} ({text}) belongs to no exercise of this lesson. It was not used."
NO_TAG: Final = "{name} cell {cell} does not begin with `# ex..`. It was not used."
BROKEN_CELL: Final = "{name} cell {cell}, line {line}: {message}. The cell was left out."
MORE_NOTES: Final = "{name}: {count} more notes like these."

# --- the quiz
SEED_VALUE: Final = "SEED is {got}; expected a whole number or a short word."
SEED_PLACE: Final = "SEED must get its value in one line: a number or a word, and no code."
SEED_TOO_LONG: Final = "Your file is too long to look for SEED in it: {most} characters are the most."
SEED_UNREAD: Final = "Python cannot read your file, so its SEED is not known."

SEED_HIDDEN: Final = "Only your mentor can check the answers to this quiz."
SEED_OTHER: Final = "SEED is {got}; your mentor gave you another one."

# --- hidden checks
HIDDEN: Final = "hidden checks"
HIDDEN_POINTS: Final = "hidden checks: {score} of {most} points"
HIDDEN_TAKE: Final = "Your code is right for the replies that you know, but not for another reply."
HIDDEN_FAULT: Final = "a hidden check could not decide"

# --- a mentor
OVERRIDDEN: Final = "Your mentor changed the points."
OVERRIDDEN_BECAUSE: Final = "Your mentor changed the points: {comment}"

# --- the command
STOPPED: Final = "You stopped the run with Ctrl-C. What had not run yet is neither right nor wrong."
NOTHING_SELECTED: Final = "No check fits {selection}. Look at the spelling; -k ex03 selects an exercise."
SEVERAL_SELECTED: Final = 'No check fits {selection}. For several exercises write -k "{names}".'

# --- values in words
EITHER: Final = "{one} or {other}"
RANGE: Final = "{first} to {last}"
SECOND: Final = "1 second"
SECONDS: Final = "{count} seconds"

# --- our own faults
READABLE: Final = "the checks can be read"  # the title of checks that cannot be read
OURS: Final = "This is not your code: {what}"

# --- next steps: what to do, as an imperative in lower case and without a full stop
NEXT_TASK: Final = "read {exercise} in README.md again, part by part"
NEXT_REQUEST: Final = "read the task in README.md again, and change that argument"
NEXT_ADD: Final = "add {field}={want} to the arguments of your request"
NEXT_FEWER: Final = "look for a request in a loop, and for test calls at the end of your file"
NEXT_RAISED: Final = "look at this line; print what stands on it, piece by piece"
NEXT_INPUT: Final = "leave input() out; this exercise does not need it"
NEXT_BREAKPOINT: Final = "take breakpoint() out, or run pytest with --in-process"
NEXT_INPUT_ENDED: Final = "catch the error of input() as README.md shows, and leave the loop there"
NEXT_OLD_API: Final = "write client.chat.completions.create(...), as in README.md"
NEXT_CLIENT: Final = "use the client that your function gets; if it gets none, call load_dotenv() before this line"
NEXT_CALL: Final = "call the client inside this function, and wait for its answer"
NEXT_REFUSED: Final = "mend what the API names; README.md shows a request that works"
NEXT_NULL: Final = "find what is None here (the API says null): list.append() returns None"
NEXT_MESSAGES: Final = "write a list of dicts behind messages=, as README.md does"
NEXT_ROLE: Final = 'write the role as one of these: "system", "user", "assistant"'
NEXT_MESSAGE: Final = 'give each message two keys: "role" and "content"'
NEXT_BOOLEAN: Final = "write True or False, without quotes"
NEXT_NUMBER: Final = "write the number without quotes"
NEXT_LIMIT: Final = "look in README.md for the smallest and the largest number"
NEXT_ONE_CAP: Final = "send one of them: max_tokens or max_completion_tokens"
NEXT_MODEL: Final = "compare the name of the model with the task, letter by letter"
NEXT_NO_MODEL: Final = "add model=... to the arguments of your request"
NEXT_ID: Final = "send the id that your function got, as it is"
NEXT_OTHER_KEY: Final = "write no key into your code; use the client that your function gets"
NEXT_SHAPE: Final = "leave that argument out"
NEXT_SMALL_CAP: Final = "ask for as many tokens as your function was told"
NEXT_TEXT: Final = "send the argument of your function itself, without quotes"
NEXT_PICTURE: Final = "send a picture as a part of the type image_url, as in README.md"
NEXT_SCHEME: Final = "write the whole address, with http:// or https:// at its beginning, as in README.md"
NEXT_PATH: Final = "use the call that README.md shows for this exercise"
NEXT_LOCAL_ADDRESS: Final = "compare the address with README.md, letter by letter"
NEXT_HOST: Final = "leave base_url out, or take the address that the exercise names"
NEXT_FOREIGN_KEY: Final = "compare base_url and key with README.md; api_key=None means OPENAI_API_KEY"
NEXT_OWN_KEY: Final = "compare base_url and key with the table in README.md; print len() of the key, never the key"
NEXT_ADDRESS: Final = "compare base_url with the table in README.md, letter by letter"
NEXT_FOREIGN_MODEL: Final = "compare base_url and model with the table in README.md, row by row"
NEXT_NETWORK: Final = "ask the API through the client; leave other addresses alone"
NEXT_PROGRAM: Final = "leave out os.system(), subprocess and multiprocessing; threads work"
NEXT_OUTSIDE: Final = "write to a plain file name, such as 'speech.mp3', without a folder"
NEXT_FILE: Final = "put your answer into {file}"
NEXT_TIMEOUT: Final = "look for a loop that never ends, or for input()"
NEXT_SYNTAX: Final = "look here and one line above: brackets, quotes, colons, spaces"
NEXT_QUOTES: Final = "type the quotes again: straight ones, as \" or '"
NEXT_TYPE_AGAIN: Final = "delete this character, and type it again on your own keyboard"
NEXT_SPACES: Final = "delete the spaces of this line, and type them again"
NEXT_TABS: Final = "begin it with four spaces for each level, and with no tab"
NEXT_COLUMN: Final = "let lines that belong together begin in the same column"
NEXT_BLOCK: Final = "put four spaces before each line that belongs to it"
NEXT_CLOSE: Final = "write the closing bracket where the list, the dict or the call ends"
NEXT_PAIRS: Final = "count the brackets on this line; the one that opens last is closed first"
NEXT_PAIR_ABOVE: Final = "write the bracket that closes {open} before this {close}"
NEXT_F_STRING: Final = "close each {{ with }}, and use other quotes inside than around: f\"{{a['b']}}\""
NEXT_CLOSE_TEXT: Final = "put the same quote at the beginning and at the end of the text"
NEXT_COLON: Final = "write a colon at the end of the line, as after def, if, for and try"
NEXT_ELIF: Final = "write elif instead of else if"
NEXT_KEY_COLON: Final = 'write each key with a colon and a value: "role": "user"'
NEXT_COMMA: Final = "put a comma between two values"
NEXT_ARGUMENT_NAME: Final = "write a name before each value, and a point in numbers: temperature=0.5"
NEXT_ONCE: Final = "leave one of the two out"
NEXT_EQUALS: Final = "write == to compare, and a colon between key and value of a dict"
NEXT_INTO_FUNCTION: Final = "move it four spaces to the right, into its function"
NEXT_ASYNC_DEF: Final = "leave await out, or begin the function with async def"
NEXT_UTF8: Final = "save the file as UTF-8 in your editor"
NEXT_FUNCTION: Final = "name the function as the stub does"
NEXT_INTO_CLASS: Final = "move def and the lines below it four spaces to the right, into the class"
NEXT_STUB_LINE: Final = "delete that line, and hand the answer back with return"
NEXT_MAKE: Final = "use the client that your function gets, or make one with OpenAI()"
NEXT_LIBRARY: Final = "check its spelling, or solve it without this library"
NEXT_TEXT_IN_QUOTES: Final = "put quotes around it if it is a text: '{name}'"
NEXT_AT_IMPORT: Final = "leave this line out; the grader calls your functions itself"
NEXT_DOT: Final = "write a dot and the name, as in completion.choices"
NEXT_NO_DOT: Final = 'write the key in square brackets: ["{name}"]'
NEXT_ITEM: Final = "take one item of the list first, as in choices[0] or results[0]"
NEXT_COMPLETION: Final = "go through choices[0] to the message, and from there to its content"
NEXT_FINISH: Final = "take it from the choice: completion.choices[0].finish_reason"
NEXT_CHOICE: Final = "go from the choice to its message, and from there to its content"
NEXT_CONTENT: Final = "take the content of the message"
NEXT_RESULT: Final = "take one of its results first, as in results[0]"
NEXT_PARTS: Final = "compare the names between the dots with README.md, letter by letter"
NEXT_TYPE: Final = "print type() of what stands to the left of the dot"
NEXT_LEAVE_NAME: Final = "leave .{name} out"
NEXT_NONE: Final = "find what is None here: an argument, or what print() or a function without return gives"
NEXT_AWAIT: Final = "write await before the call, inside an async def"
NEXT_BRACKETS: Final = "write () behind its name"
NEXT_SPELLING: Final = "compare the name with README.md, letter by letter, capitals too"
NEXT_LIST: Final = "take the list that is inside it; README.md shows its name"
NEXT_NUMBERED: Final = "take an item by its number first, as in choices[0]"
NEXT_LEAVE_BRACKETS: Final = "leave the square brackets out, or look for the dict that you mean"
NEXT_LENGTH: Final = "print len() of the list, and count from 0"
NEXT_CREATE: Final = "write .create before the bracket, as README.md does"
NEXT_SQUARE: Final = "write square brackets, as in choices[0]"
NEXT_NO_RETURN: Final = "leave return out of __init__(), and keep the value: self.name = value"
NEXT_NO_AWAIT: Final = "leave await out, or ask with a client of the class AsyncOpenAI"
NEXT_NO_RUN: Final = "write await instead of asyncio.run()"
NEXT_ARGUMENT: Final = "compare the names of the arguments with README.md, letter by letter"
NEXT_INIT: Final = "write def __init__(self, ...) with two underscores on each side"
NEXT_DEF: Final = "write def {name}(...) at the left margin, without a class"
NEXT_NO_CLASS: Final = "write def in the place of class, as the stub does"
NEXT_PARAMETERS: Final = "write the parameters as in the task in README.md"
NEXT_NAME: Final = "compare it with the line where it gets its value, letter by letter"
NEXT_SELF: Final = "write self as the first parameter, as in def send(self, text)"
NEXT_IMPORT: Final = "write its import at the top of your file, as README.md does"
NEXT_CAPITAL: Final = "write True, False or None, with a capital letter"
NEXT_VALUE: Final = "give it a value before this line, on every way that leads here"
NEXT_ENVIRONMENT: Final = "check the name, and call load_dotenv() before this line"
NEXT_DIVISOR: Final = "print what you divide by; it must not be 0"
NEXT_DICT_KEYS: Final = "print the dict, and compare its keys with yours, letter by letter"
NEXT_NOT_A_NUMBER: Final = "print this text; take a part of it that holds digits only"
NEXT_UNPACKED: Final = "print what stands on the right, and count its parts"
NEXT_RAISE: Final = 'write the error around the text: raise ValueError("...")'
NEXT_BYTES: Final = 'open the file with "wb" instead of "w"'
NEXT_NO_TEXT: Final = "ask the environment only where there is a name to ask for"
NEXT_SEVERAL_JSON: Final = "read the text line by line, and give json.loads() one line at a time"
NEXT_NO_JSON: Final = "print the text with repr(), and look what came"
NEXT_CALLS_ITSELF: Final = "take the call of the function out of the function itself"
NEXT_KEY: Final = "check OPENAI_API_KEY in your environment, or in the file .env beside assignments/"
NEXT_QUOTA: Final = "look at the limits of your account, or wait a little and run it again"
NEXT_OUTAGE: Final = "wait a little and run it again, or leave --live out"
NEXT_SERVICE: Final = "leave --live out, or use an API that has it"
NEXT_CAP: Final = "limit the reply with max_tokens, or run it again with --max-cost={cap}"
NEXT_PRICE: Final = "use gpt-4o-mini with plain text, or leave --live out"
NEXT_REPLAY: Final = "leave --live out to earn these points"
NEXT_NEIGHBOUR: Final = "copy what you need into this file"
NEXT_EXIT: Final = "hand the answer back with return, and let the function come to its end"
NEXT_CRASH: Final = "leave out what ends Python: os._exit(), os.kill(), or a function that calls itself"
NEXT_MEMORY: Final = "look for a list or text that grows without end"
NEXT_THREADS: Final = "start fewer threads, such as ThreadPoolExecutor(8)"
NEXT_DISK: Final = "look for a loop that writes to files and never ends"
NEXT_OPEN_FILES: Final = "close each file: with open(...) as file: does it by itself"
NEXT_TOO_BIG: Final = "return just what the stub asks for: a text, a number, a short list or dict"
NEXT_OUTPUT: Final = "look for a print() or a request in a loop that never ends"
NEXT_TAMPERED: Final = "take out the code that reaches into the grader"
NEXT_PLAIN_FILE: Final = "put a file with your answer in its place"
NEXT_SHORTER: Final = "take out what is not part of the answer, such as long data"
NEXT_READABLE: Final = "hand in {file} again, without a password"
NEXT_ONE_NAME: Final = "keep only the one that is called {file}"
NEXT_NOTEBOOK: Final = "open it in Jupyter, and save it again as a notebook"
NEXT_CELL: Final = "write `# {short}` into the first line of the cell with your answer"
NEXT_SEED: Final = "write one line at the left margin, such as SEED = 7 or SEED = 'anna'"
NEXT_HIDDEN_TAKE: Final = "use what the reply says; write none of its words into your code"
NEXT_HIDDEN_SEED: Final = "hand it in; this run cannot know your questions"
NEXT_OTHER_SEED: Final = "write the SEED that came with your questions"
NEXT_RENAME: Final = "rename {other} to {name}"
NEXT_MOVE: Final = "move {other} up into your folder"
NEXT_EMPTY: Final = "save it, or get it back: git checkout {path}"
NEXT_TELL: Final = "tell your mentor; your points are not lost"


ADDRESS: Final = re.compile(r"0x[0-9a-fA-F]{4,}|\.\.\.[0-9a-f]{4,}(?=>)")  # whole, or cut at its front
HIDDEN_ADDRESS: Final = "0x..."
MOST_SHOWN: Final = 160  # characters
MOST_BITS: Final = 13_000  # of an integer that is written down


class _Short(reprlib.Repr):
    """Standard library's short repr, with room for a sentence."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel = 3
        self.maxstring = self.maxother = 60

    def repr_str(self, x: str, level: int) -> str:
        """A string; an address in it is taken out before the middle is cut."""
        return super().repr_str(ADDRESS.sub(HIDDEN_ADDRESS, x), level)

    def repr_int(self, x: int, level: int) -> str:
        """A number; Python does not write down one of more than 4300 digits."""
        return super().repr_int(x, level) if x.bit_length() < MOST_BITS else "a number of thousands of digits"

    def repr_dict(self, x: dict[object, object], level: int) -> str:
        """A dict in its own order, which may decide."""
        if level <= 0:
            return "{...}"
        pairs = [
            f"{self.repr1(key, level - 1)}: {self.repr1(x[key], level - 1)}" for key in islice(x, self.maxdict)
        ]
        return f"{{{', '.join([*pairs, *(['...'] if len(x) > self.maxdict else [])])}}}"


def shown(value: object) -> str:
    """A value in one short line; the same on every machine (sets are sorted, long parts are cut)."""
    text = _Short().repr(value)
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 3]}..."


def seconds(count: float) -> str:
    """A time in words."""
    return SECOND if count == 1 else SECONDS.format(count=f"{count:g}")


def wanted(value: object) -> str:
    """What a contract allows, in words: a value, `1 to 8`, or `'a' or 'b'`."""
    if isinstance(value, range):
        return str(value[0]) if len(value) == 1 else RANGE.format(first=value[0], last=value[-1])
    if isinstance(value, set | frozenset | tuple):
        return reduce(either, sorted(shown(item) for item in value)) if value else ""
    return shown(value)


def either(one: str, other: str) -> str:
    """One value or another, in words."""
    return EITHER.format(one=one, other=other)


def similar(name: str, names: list[str]) -> str | None:
    """The one of `names` that a misspelt name most likely means."""
    return next(iter(difflib.get_close_matches(name, names, n=1)), None)

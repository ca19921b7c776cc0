# SPDX-License-Identifier: GPL-2.0-or-later
"""Which programs a file calls: the words in command position of shell, the first words of what Python's
subprocess and shutil.which are given, what C hands to system() and popen(), what CMake finds."""

import ast
import re

BUILTINS = set(""". : [ [[ alias bg break builtin cd command compgen continue declare echo eval exec exit export false fg getopts
hash jobs kill let local mapfile printf pwd read readarray readonly return set shift shopt source test times trap true
type typeset ulimit umask unset wait""".split())
GOES_ON = {"if", "then", "else", "elif", "while", "until", "do", "!", "{", "time"}
ENDS = {"fi", "done", "esac", "}", "]]"}
# What runs another command: how many words of its own stand before that, options aside.
PREFIX = {"env": 0, "exec": 0, "sudo": 0, "nice": 0, "nohup": 0, "timeout": 1, "xargs": 0, "setarch": 0, "chroot": 1,
          "command": 0, "unshare": 0, "eval": 0}
WITH_VALUE = {"-n", "-I", "-P", "-C", "-u", "-k", "-s", "-d"}


class Shell:
    """Reads a script once, from left to right."""

    def __init__(self, text):
        self.text = text.replace("\\\n", "  ")
        self.at = 0
        self.found = set()
        self.functions = set()
        self.heredocs = []
        self.commands("")

    def programs(self):
        return {word for word in self.found - BUILTINS - self.functions
                if re.fullmatch(r"[A-Za-z0-9][\w.+-]*", word)}

    def looking_at(self, *what):
        return next((w for w in what if self.text.startswith(w, self.at)), None)

    def inner(self, end):
        """A command substitution: commands of its own, up to END."""
        self.commands(end)
        return "$()"

    def expansion(self):
        """What begins with a dollar or a backquote, at which we are."""
        if self.looking_at("$(("):
            self.skip("(", ")")
            return "$(())"
        if self.looking_at("$("):
            self.at += 2
            return self.inner(")")
        if self.looking_at("`"):
            self.at += 1
            return self.inner("`")
        self.at += 1
        if self.looking_at("{"):
            self.skip("{", "}")
        return "$"

    def skip(self, left, right):
        depth = 0
        while self.at < len(self.text):
            c = self.text[self.at]
            depth += (c == left) - (c == right)
            self.at += 1
            if c == right and not depth:
                return

    def quoted(self):
        """From after a double quote to after the next; or a heredoc's text to its end."""
        word = ""
        while self.at < len(self.text) and self.text[self.at] != '"':
            if self.text[self.at] in "$`":
                word += self.expansion()
            else:
                self.at += self.text[self.at] == "\\"
                word += self.text[self.at:self.at + 1]
                self.at += 1
        self.at += 1
        return word

    def word(self):
        """The word at which we are; a dollar in it: what is not known before it runs."""
        word = ""
        while self.at < len(self.text) and self.text[self.at] not in " \t\n;&|<>()":
            c = self.text[self.at]
            if c == "'":
                end = self.text.find("'", self.at + 1)
                word += self.text[self.at + 1:end]
                self.at = end + 1
            elif c == '"':
                self.at += 1
                word += self.quoted()
            elif c in "$`":
                if c == "`" and self.closing == "`":
                    break
                word += self.expansion()
            else:
                self.at += c == "\\"
                word += self.text[self.at:self.at + 1]
                self.at += 1
        return word

    closing = ""

    def redirection(self):
        if self.looking_at("<(", ">("):
            self.at += 2
            self.inner(")")
            return
        here = self.looking_at("<<-", "<<") if not self.looking_at("<<<") else None
        while self.looking_at("<", ">", "&", "|", "-") and self.at < len(self.text):
            self.at += 1
        self.blanks()
        if self.looking_at("<(", ">("):
            self.redirection()
            return
        word = self.word()
        if here:
            self.heredocs.append(word)

    def blanks(self):
        while self.looking_at(" ", "\t"):
            self.at += 1

    def newline(self):
        self.at += 1
        for end in self.heredocs:
            until = re.compile(r"^\t*" + re.escape(end) + "$", re.M).search(self.text, self.at)
            body = self.text[self.at:until.start() if until else len(self.text)]
            self.found |= {w for part in re.findall(r"\$\([^(].*?\)", body) for w in Shell(part[2:-1]).found}
            self.at = until.end() + 1 if until else len(self.text)
        self.heredocs = []

    def pattern(self):
        """Of a case: up to its bracket; True: there is none, the case ends."""
        while self.at < len(self.text):
            if re.match(r"\s", self.text[self.at]):
                self.at += 1
            elif self.looking_at("#"):
                self.at = self.text.find("\n", self.at)
            elif re.compile(r"esac\b").match(self.text, self.at):
                return
            elif self.looking_at("("):
                self.at += 1
            else:
                break
        while self.at < len(self.text) and not self.looking_at(")"):
            if self.looking_at("|", " "):
                self.at += 1
            else:
                self.word()
        self.at += 1

    def commands(self, end):
        before, self.closing = self.closing, end
        line, cases = [], 0
        while self.at < len(self.text):
            c = self.text[self.at]
            if end and self.text.startswith(end, self.at):
                break
            if c in " \t":
                self.at += 1
            elif c == "#":
                self.at = (self.text + "\n").find("\n", self.at)
            elif self.looking_at(";;"):
                self.end_of(line)
                self.at += 2
                self.pattern()
            elif c in "\n;&|":
                if c == "&" and self.looking_at("&>"):
                    self.at += 1
                    continue
                self.end_of(line)
                if c == "\n":
                    self.newline()
                else:
                    self.at += 1
            elif c in "<>" or re.compile(r"\d+[<>]").match(self.text, self.at):
                self.at += c.isdigit() and re.compile(r"\d+").match(self.text, self.at).end() - self.at
                self.redirection()
            elif self.looking_at("(("):
                self.skip("(", ")")
            elif c == "(":
                self.at += 1
                if line and self.looking_at(")"):
                    self.functions.add(line[0])
                    line.clear()
                    self.at += 1
                elif line and line[-1].endswith("="):
                    self.words(line)
                else:
                    self.end_of(line)
                    self.commands(")")
            elif c == ")":
                self.at += 1
            else:
                word = self.word()
                if word == "[[" and not line:
                    self.test()
                    continue
                line.append(word)
                if line[0] == "case" and word == "in":
                    line.clear()
                    self.pattern()
                elif word in GOES_ON and len(line) == 1 or word in ENDS and len(line) == 1:
                    line.clear()
        self.end_of(line)
        self.at += len(end)
        self.closing = before

    def words(self, line):
        """An array's values."""
        while self.at < len(self.text) and not self.looking_at(")"):
            if re.match(r"\s", self.text[self.at]):
                self.at += 1
            elif self.looking_at("<(", "<", ">"):
                self.redirection()
            else:
                self.word()
        self.at += 1

    def test(self):
        while self.at < len(self.text) and not self.looking_at("]]"):
            if self.text[self.at] in " \t\n;&|<>()":
                self.at += 1
            else:
                self.word()
        self.at += 2

    def end_of(self, line):
        """A simple command is whole: what does it call?"""
        words = list(line)
        line.clear()
        if words and words[0] == "function":
            self.functions.add(words[1])
            return
        if words and words[0] == "for":
            # "for tool in ...": programs that are looked for.
            self.found |= set(words[3:]) if words[1:2] == ["tool"] else set()
            return
        while words and re.match(r"\w+\+?=", words[0]):
            del words[0]
        while words:
            self.found.add(words[0])
            self.scripts(words)
            if words[0] not in PREFIX:
                return
            own = PREFIX[words.pop(0)]
            while words and (words[0].startswith("-") or re.match(r"\w+=", words[0]) or own):
                if not words[0].startswith("-"):
                    own -= "=" not in words[0] and own > 0
                elif words[0] in WITH_VALUE and len(words) > 1:
                    del words[1]
                del words[0]

    def scripts(self, words):
        """Text that is a command line itself."""
        if words[0] in ("sh", "bash") and "-c" in words[:-1]:
            self.found |= Shell(words[words.index("-c") + 1]).programs()
        elif words[0] == "trap" and len(words) > 2:
            self.found |= Shell(words[1]).programs() - self.functions


RUNS = {"run", "Popen", "call", "check_call", "check_output", "which"}


def of_python(text):
    """First words of lists, and names, given to what runs programs; a list may have got a name before."""
    tree = ast.parse(text)
    lists = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            lists.setdefault(node.targets[0].id, []).append(node.value)
        elif isinstance(node, ast.For) and isinstance(node.target, ast.Name) and isinstance(node.iter, ast.Tuple):
            lists.setdefault(node.target.id, []).extend(node.iter.elts)
        elif isinstance(node, ast.comprehension) and isinstance(node.target, ast.Name) \
                and isinstance(node.iter, ast.Tuple):
            lists.setdefault(node.target.id, []).extend(node.iter.elts)

    def words(node):
        if isinstance(node, ast.Name):
            return [w for value in lists.get(node.id, []) if not isinstance(value, ast.Name) for w in words(value)]
        if isinstance(node, (ast.List, ast.Tuple)):
            return words(node.elts[0]) if node.elts else []
        if isinstance(node, ast.BinOp):
            return words(node.left)
        return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []

    found = {word for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args
             and isinstance(node.func, ast.Attribute) and node.func.attr in RUNS
             and getattr(node.func.value, "id", "") in ("subprocess", "shutil") for word in words(node.args[0])}
    for node in ast.walk(tree):  # ["sh", "-c", TEXT]
        if isinstance(node, ast.List) and len(node.elts) > 2 and words(node)[:1] in (["sh"], ["bash"]):
            found |= {w for text in words(node.elts[2]) for w in Shell(text).programs()}
    return {word for word in found if re.fullmatch(r"[A-Za-z0-9][\w.+-]*", word)}


def of_c(text):
    """Command lines as they are written; those that are printed are printed into a `command`."""
    lines = re.findall(r'\b(?:system\(|popen\(|snprintf\(command, [^"]*)"((?:[^"\\]|\\.)*)"', text)
    return {word for line in lines for word in Shell(line.replace("%s", "x")).programs()}


def of_cmake(text):
    return set(re.findall(r"find_program\(\w+ ([\w.+-]+)", text))


def called(file, text):
    first = text.split("\n", 1)[0]
    if file.endswith(".py") or "python" in first:
        return of_python(text)
    if file.endswith(".sh") or first.startswith("#!") and first.endswith("sh"):
        return Shell(text).programs()
    if file.endswith((".c", ".h")):
        return of_c(text)
    return of_cmake(text)

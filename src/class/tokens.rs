//! Python source as tokens, so that two files can be told to be the same but for names, comments and layout.
//!
//! What is read is hostile. A parser's tree is as deep as its author likes, and those that are written in C run in this process; so this goes
//! over the text once, by one regular expression, in time and memory linear in its length. What is no Python yields tokens all the same.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use regex::Regex;

/// One token, white space or comment; the first alternative that fits counts. A text that is not closed goes on to the end of its line, or of the
/// file: else each quote would be looked for again from the next.
const TOKEN: &str = r#"(?x)
    \#[^\r\n]*
  | (?i:br|rb|fr|rf|tr|rt|[bfrtu])? (?:
        """ (?s:[^\\]|\\.)*? """ | ''' (?s:[^\\]|\\.)*? ''' | (?: """ | ''' ) (?s:.)*
      | " (?:[^"\\\r\n]|\\(?s:.))* "? | ' (?:[^'\\\r\n]|\\(?s:.))* '?
    )
  | [_\p{XID_Start}] \p{XID_Continue}*
  | 0[xXoObB][0-9a-fA-F_]+ | (?:[0-9][0-9_]*\.?[0-9_]* | \.[0-9][0-9_]*) (?:[eE][-+]?[0-9_]+)? [jJ]?
  | \r?\n | \r | \\\r?\n | [\ \t\f]+
  | \*\*=? | //=? | <<=? | >>=? | -> | := | \.\.\. | [-+*/%@&|^<>=!]=
  | (?s:.)
"#;

#[expect(clippy::unwrap_used, reason = "the tests compile it")]
static PATTERN: LazyLock<Regex> = LazyLock::new(|| Regex::new(TOKEN).unwrap());

/// <https://docs.python.org/3/reference/lexical_analysis.html#keywords>
const KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
    "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
    "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];
/// Names that nobody gives to something of their own; exceptions are known by their endings.
/// <https://docs.python.org/3/library/functions.html>
const BUILT_IN: [&str; 71] = [
    "abs",
    "aiter",
    "all",
    "anext",
    "any",
    "ascii",
    "bin",
    "bool",
    "breakpoint",
    "bytearray",
    "bytes",
    "callable",
    "chr",
    "classmethod",
    "compile",
    "complex",
    "delattr",
    "dict",
    "dir",
    "divmod",
    "enumerate",
    "eval",
    "exec",
    "filter",
    "float",
    "format",
    "frozenset",
    "getattr",
    "globals",
    "hasattr",
    "hash",
    "help",
    "hex",
    "id",
    "input",
    "int",
    "isinstance",
    "issubclass",
    "iter",
    "len",
    "list",
    "locals",
    "map",
    "max",
    "memoryview",
    "min",
    "next",
    "object",
    "oct",
    "open",
    "ord",
    "pow",
    "print",
    "property",
    "range",
    "repr",
    "reversed",
    "round",
    "set",
    "setattr",
    "slice",
    "sorted",
    "staticmethod",
    "str",
    "sum",
    "super",
    "tuple",
    "type",
    "vars",
    "zip",
    "__import__",
];

/// What is left of a token's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'t> {
    Name(&'t str),
    /// A name after a dot.
    Attribute(&'t str),
    /// Keyword, number, operator, text without its quotes.
    Fixed(&'t str),
}

/// A statement's line: its depth of indentation and its tokens.
#[derive(Debug, PartialEq, Eq)]
struct Line<'t> {
    depth: usize,
    tokens: Vec<Token<'t>>,
}

/// The tokens of one file.
#[derive(Debug)]
pub(super) struct Source<'t>(Vec<Line<'t>>);

impl<'t> Source<'t> {
    pub(super) fn read(text: &'t str) -> Self {
        let mut reader = Reader { is_at_start: true, ..Reader::default() };
        for token in PATTERN.find_iter(text.trim_start_matches('\u{feff}')) {
            reader.take(token.as_str());
        }
        reader.end_line();
        Self(reader.lines)
    }

    /// Puts it into words in which names are numbered in the order in which they come, so that renaming one changes nothing. Attributes that
    /// the file does not set itself, and what Python calls so, keep their names. `numbers`: those of the files before.
    pub(super) fn canonical(&self, numbers: &mut HashMap<&'t str, usize>, hasher: &mut blake3::Hasher) {
        let own = self.own_attributes();
        for line in &self.0 {
            hasher.update(&line.depth.to_le_bytes());
            for token in &line.tokens {
                let (kind, text) = match *token {
                    Token::Attribute(name) if own.contains(name) => (b'n', name),
                    Token::Name(name) if !is_built_in(name) => (b'n', name),
                    Token::Name(name) | Token::Attribute(name) => (b'k', name),
                    Token::Fixed(text) => (b't', text),
                };
                if kind == b'n' {
                    let next = numbers.len();
                    let number = *numbers.entry(text).or_insert(next);
                    hasher.update(&[kind]).update(&number.to_le_bytes());
                } else {
                    // The length keeps a text from running into the next.
                    hasher.update(&[kind]).update(&text.len().to_le_bytes()).update(text.as_bytes());
                }
            }
            hasher.update(b"\n");
        }
    }

    /// Its lines without any names, each with its number of tokens: what stands in a starter too is found by them.
    pub(super) fn nameless_lines(&self) -> impl Iterator<Item = (blake3::Hash, usize)> {
        self.0.iter().map(|line| {
            let mut hasher = blake3::Hasher::new();
            for token in &line.tokens {
                match token {
                    Token::Fixed(text) => hasher.update(b"t").update(&text.len().to_le_bytes()).update(text.as_bytes()),
                    Token::Name(_) | Token::Attribute(_) => hasher.update(b"n"),
                };
            }
            (hasher.finalize(), line.tokens.len())
        })
    }

    /// `count` of `self.count = 0` and `def count`.
    fn own_attributes(&self) -> HashSet<&'t str> {
        let is_set = |text: &str| matches!(text, "=" | ":") || (text.len() > 1 && text.ends_with('='));
        let mut own = HashSet::new();
        for pair in self.0.iter().flat_map(|line| line.tokens.windows(2)) {
            match pair {
                [Token::Attribute(name), Token::Fixed(text)] if is_set(text) && !is_comparison(text) => {
                    own.insert(*name)
                }
                [Token::Fixed("def" | "class"), Token::Name(name)] => own.insert(*name),
                _ => false,
            };
        }
        own
    }
}

fn is_comparison(operator: &str) -> bool {
    matches!(operator, "==" | "!=" | "<=" | ">=")
}

fn is_built_in(name: &str) -> bool {
    let is_exception = ["Error", "Exception", "Warning", "StopIteration"].iter().any(|end| name.ends_with(end));
    let is_special = name.starts_with("__") && name.ends_with("__");
    is_exception || is_special || BUILT_IN.contains(&name)
}

/// Puts tokens into lines.
#[derive(Debug, Default)]
struct Reader<'t> {
    lines: Vec<Line<'t>>,
    tokens: Vec<Token<'t>>,
    /// Whether all of `tokens` are texts: then it is a docstring, which says nothing to Python.
    only_text: bool,
    brackets: usize,
    /// Widths of the blocks that are open.
    indents: Vec<usize>,
    width: usize,
    is_at_start: bool,
}

impl<'t> Reader<'t> {
    fn take(&mut self, text: &'t str) {
        let Some(first) = text.chars().next() else { return };
        match first {
            '\\' if text.len() > 1 => {}
            ';' => self.end_line(),
            '\n' | '\r' if self.brackets > 0 => {}
            '\n' | '\r' => {
                self.end_line();
                (self.is_at_start, self.width) = (true, 0);
            }
            ' ' | '\t' | '\u{c}' if self.is_at_start => self.width = width(text),
            ' ' | '\t' | '\u{c}' | '#' => {}
            _ => self.code(first, text),
        }
    }

    fn code(&mut self, first: char, text: &'t str) {
        self.is_at_start = false;
        match first {
            '(' | '[' | '{' => self.brackets += 1,
            ')' | ']' | '}' => self.brackets = self.brackets.saturating_sub(1),
            _ => {}
        }
        if let Some((prefix, inside)) = string(text) {
            let is_template = prefix.contains(['f', 'F', 't', 'T']);
            return if is_template { self.template(inside) } else { self.push(Token::Fixed(inside), true) };
        }
        let is_name = (first.is_alphabetic() || first == '_') && !KEYWORDS.contains(&text);
        let token = match self.tokens.last() {
            Some(Token::Fixed(".")) if is_name => Token::Attribute(text),
            _ if is_name => Token::Name(text),
            _ => Token::Fixed(text),
        };
        self.push(token, false);
    }

    /// The names inside the braces of an f-string count as names; nothing nests here: a text in them is a text.
    fn template(&mut self, inside: &'t str) {
        let mut rest = inside;
        while let Some((text, after)) = rest.split_once('{') {
            self.push(Token::Fixed(text), false);
            let (code, after) = after.split_once('}').unwrap_or((after, ""));
            for token in PATTERN.find_iter(code) {
                let text = token.as_str();
                let is_name = text.starts_with(|c: char| c.is_alphabetic() || c == '_') && string(text).is_none();
                if !text.trim().is_empty() {
                    let attribute = matches!(self.tokens.last(), Some(Token::Fixed(".")));
                    let named = if attribute { Token::Attribute(text) } else { Token::Name(text) };
                    self.push(if is_name && !KEYWORDS.contains(&text) { named } else { Token::Fixed(text) }, false);
                }
            }
            rest = after;
        }
        self.push(Token::Fixed(rest), false);
    }

    fn push(&mut self, token: Token<'t>, is_text: bool) {
        self.only_text = is_text && (self.tokens.is_empty() || self.only_text);
        self.tokens.push(token);
    }

    fn end_line(&mut self) {
        let tokens = std::mem::take(&mut self.tokens);
        if tokens.is_empty() || self.only_text {
            return;
        }
        while self.indents.last().is_some_and(|open| *open > self.width) {
            self.indents.pop();
        }
        if self.width > self.indents.last().copied().unwrap_or(0) {
            self.indents.push(self.width);
        }
        self.lines.push(Line { depth: self.indents.len(), tokens });
    }
}

/// Prefix and content of a string literal.
fn string(text: &str) -> Option<(&str, &str)> {
    let (start, quote) = text.char_indices().find(|(at, c)| *at > 2 || matches!(c, '"' | '\''))?;
    let body = &text[start..];
    let is_string = matches!(quote, '"' | '\'') && body.len() > 1 && body.ends_with(quote);
    let long = if quote == '"' { "\"\"\"" } else { "'''" };
    let inside = |marks: usize| body.get(marks..body.len().checked_sub(marks)?);
    let content = if body.len() >= 6 && body.starts_with(long) { inside(3) } else { inside(1) };
    is_string.then(|| Some((&text[..start], content?)))?
}

/// Columns, with tabs as Python counts them.
fn width(space: &str) -> usize {
    space.chars().fold(0, |width, c| match c {
        '\t' => (width / 8 + 1) * 8,
        '\u{c}' => 0,
        _ => width + 1,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn digest(text: &str) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new();
        Source::read(text).canonical(&mut HashMap::new(), &mut hasher);
        hasher.finalize()
    }

    const ORIGINAL: &str = "import time\n\n\ndef retry(times):\n    \"\"\"Again.\"\"\"\n    for attempt in range(times):\n        try:\n            return call(f'{attempt}: {times}')\n        except ValueError as error:  # no\n            last = error\n    raise last\n";

    #[test]
    fn names_comments_and_layout_do_not_count() {
        let disguised = "import time  # my own work\ndef again(n):\n  for i in range(\n      n):\n\n    try: \n      return invoke(f\"{i}: {n}\")\n    except ValueError as e:\n      problem = e; \n  raise problem";
        assert_eq!(digest(ORIGINAL), digest(disguised));
    }

    #[test]
    fn what_the_program_does_counts() {
        for (old, new) in [
            ("range(times)", "reversed(times)"),
            ("raise last", "return last"),
            ("raise last", "raise error"),
            ("    raise last", "raise last"),
            ("'{attempt}: {times}'", "'{times}: {attempt}'"),
            ("ValueError", "TypeError"),
        ] {
            let changed = ORIGINAL.replacen(old, new, 1);
            assert_ne!(changed, ORIGINAL);
            assert_ne!(digest(ORIGINAL), digest(&changed), "{new}");
        }
    }

    #[test]
    fn own_attributes_may_be_renamed_and_those_of_others_not() {
        let class = "class Stack:\n    def __init__(self):\n        self.items = []\n    def push(self, x):\n        self.items.append(x)\n";
        assert_eq!(digest(class), digest(&class.replace("items", "kept").replace("push", "put")));
        assert_ne!(digest(class), digest(&class.replace("append", "extend")));
    }

    #[test]
    fn lines_of_a_starter_are_known_without_their_names() {
        let lines = |text| Source::read(text).nameless_lines().collect::<Vec<_>>();
        assert_eq!(lines("def f(a):\n    return a\n"), lines("def g(b): \n  return b"));
        assert_eq!(lines("x = 'a' + \"b\"")[0].1, 5);
    }

    proptest! {
        #[test]
        fn every_character_is_in_a_token(text in "[ -~\\n\\t'\"{}\\\\#é]{0,200}") {
            let tokens: String = PATTERN.find_iter(&text).map(|token| token.as_str()).collect();
            prop_assert_eq!(tokens, text);
        }

        #[test]
        fn a_comment_at_the_end_changes_nothing(text in "[ !$-&(-\\[\\]-~\\n\\té]{0,200}", comment in "[ -~]{0,20}") {
            let commented = format!("{text}\n# {comment}\n");
            prop_assert_eq!(digest(&text), digest(&commented));
        }
    }

    #[test]
    fn hostile_text_is_read_in_one_go() {
        let pieces = ["(", "f'{", "-", "'''", "\\\"\"\"", "\\\"", "\\\n", "    x\n     ", "é", "0_"];
        let began = std::time::Instant::now();
        for piece in pieces {
            let _ = digest(&piece.repeat(200_000));
        }
        assert!(began.elapsed().as_secs() < 60, "{:?}", began.elapsed());
    }
}

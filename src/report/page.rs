//! Writing lines of a report. Everything that is written through a page is escaped here, so that nothing can be forgotten.

use std::io::{self, Write};
use std::path::Path;

use super::escape::{Breaks, terminal};
use super::style::{Role, Style};

/// Columns of the names of fields.
pub(super) const LABEL: usize = 10;

/// A piece of a line.
pub(super) type Piece<'t> = (Role, &'t str);

/// A report as it is written.
pub(super) struct Page<'a> {
    out: &'a mut dyn Write,
    pub(super) style: &'a Style,
    gap: Gap,
}

/// What is between the last line and the next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    /// Nothing was written yet.
    Start,
    None,
    Blank,
}

impl<'a> Page<'a> {
    pub(super) fn new(out: &'a mut dyn Write, style: &'a Style) -> Self {
        Self { out, style, gap: Gap::Start }
    }

    /// Sets the next line off by a blank one; never more than one, and none at the start or end.
    pub(super) fn gap(&mut self) {
        if self.gap == Gap::None {
            self.gap = Gap::Blank;
        }
    }

    fn begin_line(&mut self) -> io::Result<()> {
        if self.gap == Gap::Blank {
            writeln!(self.out)?;
        }
        self.gap = Gap::None;
        Ok(())
    }

    /// One line, as long as it is.
    pub(super) fn line(&mut self, indent: usize, pieces: &[Piece<'_>]) -> io::Result<()> {
        self.begin_line()?;
        write!(self.out, "{:indent$}", "")?;
        for (role, text) in pieces {
            let text = terminal(text, Breaks::Show);
            write!(self.out, "{}", self.style.paint(*role, &text))?;
        }
        writeln!(self.out)
    }

    /// Text of any length after a first piece; what does not fit goes on below its beginning.
    pub(super) fn hanging(&mut self, indent: usize, first: Piece<'_>, (role, text): Piece<'_>) -> io::Result<()> {
        self.begin_line()?;
        let (first_role, first) = first;
        let text = terminal(text, Breaks::Keep);
        let start = indent + width(first);
        let room = self.style.columns().saturating_sub(start).max(20);
        let mut lead = format!("{:indent$}{}", "", self.style.paint(first_role, &terminal(first, Breaks::Show)));
        for line in text.trim_end().split('\n') {
            for line in wrap(line, room) {
                writeln!(self.out, "{lead}{}", self.style.paint(role, &line))?;
                lead = " ".repeat(start);
            }
        }
        Ok(())
    }

    /// Text of any length, wrapped.
    pub(super) fn paragraph(&mut self, indent: usize, role: Role, text: &str) -> io::Result<()> {
        self.hanging(indent, (Role::Text, ""), (role, text))
    }

    /// A named fact.
    pub(super) fn field(&mut self, indent: usize, label: &str, role: Role, text: &str) -> io::Result<()> {
        self.hanging(indent, (Role::Faint, &format!("{label:LABEL$}")), (role, text))
    }

    /// A line behind a bar, cut where the screen ends.
    pub(super) fn quoted(&mut self, indent: usize, text: &str) -> io::Result<()> {
        self.begin_line()?;
        let bar = self.style.either("│ ", "| ");
        let room = self.style.columns().saturating_sub(indent + 2).max(20);
        let shown = cut(&terminal(text, Breaks::Show), room, self.style);
        writeln!(self.out, "{:indent$}{}{shown}", "", self.style.paint(Role::Faint, bar))
    }

    /// `file:line`, as a link where the terminal has links.
    pub(super) fn place(&mut self, indent: usize, label: &str, text: &str, path: Option<&Path>) -> io::Result<()> {
        self.begin_line()?;
        let shown = self.style.paint(Role::Command, &terminal(text, Breaks::Show));
        let label = self.style.paint(Role::Faint, &format!("{label:LABEL$}"));
        let url = path.filter(|_| self.style.hyperlinks && !self.style.plain).map(url);
        match url {
            Some(url) => writeln!(self.out, "{:indent$}{label}\x1b]8;;{url}\x1b\\{shown}\x1b]8;;\x1b\\", ""),
            None => writeln!(self.out, "{:indent$}{label}{shown}", ""),
        }
    }
}

/// Columns that escaped text takes.
pub(super) fn width(text: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(text)
}

/// At most `room` columns, with a mark at the end where something is missing.
pub(super) fn cut(text: &str, room: usize, style: &Style) -> String {
    if width(text) <= room {
        return text.to_owned();
    }
    let mark = style.either("…", "...");
    let mut shown = String::new();
    let mut used = width(mark);
    for c in text.chars() {
        used += unicode_width::UnicodeWidthChar::width(c).unwrap_or(0);
        if used > room {
            break;
        }
        shown.push(c);
    }
    shown + mark
}

/// Breaks a line between words; indentation is kept, since values and code have it.
fn wrap(line: &str, room: usize) -> Vec<String> {
    let text = line.trim_start_matches(' ');
    let indent = " ".repeat((line.len() - text.len()).min(room / 2));
    let options = textwrap::Options::new(room)
        .initial_indent(&indent)
        .subsequent_indent(&indent)
        .word_separator(textwrap::WordSeparator::AsciiSpace)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    textwrap::wrap(text, options).into_iter().map(std::borrow::Cow::into_owned).collect()
}

/// A `file:` URL with everything encoded that is not plainly a part of a path.
fn url(path: &Path) -> String {
    use std::os::unix::ffi::OsStrExt as _;
    let mut url = String::from("file://");
    for &byte in path.as_os_str().as_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' => url.push(byte.into()),
            _ => url.extend(['%', hex(byte >> 4), hex(byte & 0xf)]),
        }
    }
    url
}

fn hex(digit: u8) -> char {
    char::from_digit(digit.into(), 16).unwrap_or('0').to_ascii_uppercase()
}

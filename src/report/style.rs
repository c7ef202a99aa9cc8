//! How a report looks: what the terminal can do and what the user asked for, resolved by the caller.

use anstyle::{AnsiColor, Style as Ansi};

/// Narrowest and widest that text is wrapped to.
const WIDTHS: std::ops::RangeInclusive<usize> = 40..=100;

/// How a report looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a choice of its own")]
pub struct Style {
    /// Colours, bold and underline.
    pub color: bool,
    /// Symbols and lines beyond ASCII.
    pub unicode: bool,
    /// Links to the learner's files (OSC 8).
    pub hyperlinks: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// One fact a line, for screen readers and logs; overrides the first three.
    pub plain: bool,
    /// Every failing check in full (`--all`), instead of the first.
    pub all: bool,
}

impl Default for Style {
    /// No colour, Unicode, 80 columns.
    fn default() -> Self {
        Self { color: false, unicode: true, hyperlinks: false, width: 80, plain: false, all: false }
    }
}

/// What a piece of text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Text,
    Title,
    Good,
    Bad,
    Odd,
    Faint,
    /// Expected, and its changed words.
    Wanted,
    WantedWord,
    /// What was given, and its changed words.
    Given,
    GivenWord,
    /// Something to type.
    Command,
}

impl Style {
    /// Columns to wrap to.
    pub(super) fn columns(&self) -> usize {
        self.width.clamp(*WIDTHS.start(), *WIDTHS.end())
    }

    /// Already escaped text in the look of its role.
    pub(super) fn paint(&self, role: Role, text: &str) -> String {
        let look = look(role);
        if !self.color || self.plain || look.is_plain() || text.is_empty() {
            return text.to_owned();
        }
        format!("{look}{text}{look:#}")
    }

    /// `unicode` where that can be shown, else `ascii`.
    pub(super) fn either(&self, unicode: &'static str, ascii: &'static str) -> &'static str {
        if self.unicode && !self.plain { unicode } else { ascii }
    }
}

fn look(role: Role) -> Ansi {
    let color = |color: AnsiColor| Ansi::new().fg_color(Some(color.into()));
    match role {
        Role::Text => Ansi::new(),
        Role::Title => Ansi::new().bold(),
        Role::Good | Role::Wanted => color(AnsiColor::Green),
        Role::Bad | Role::Given => color(AnsiColor::Red),
        Role::Odd => color(AnsiColor::Yellow),
        Role::Faint => Ansi::new().dimmed(),
        Role::WantedWord => color(AnsiColor::Green).bold().underline(),
        Role::GivenWord => color(AnsiColor::Red).bold().underline(),
        Role::Command => color(AnsiColor::Cyan),
    }
}

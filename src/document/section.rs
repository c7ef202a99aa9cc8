//! One table of a TOML document: hands out values by key and notes what is wrong with them.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Document, Moment};
use crate::suggest::{did_you_mean, nearest};

/// A table, its place, and the keys it may have.
#[derive(Debug)]
pub struct Section<'d> {
    document: &'d Document,
    /// `[limits]` or `[[check]]`; empty for the root.
    name: String,
    table: &'d DeTable<'d>,
    span: Range<usize>,
    /// Keys that are there under a mistyped name, so not missing as well.
    mistyped: Vec<&'static str>,
}

impl<'d> Section<'d> {
    pub(super) fn new(
        document: &'d Document,
        name: String,
        table: &'d DeTable<'d>,
        span: Range<usize>,
        keys: &'static [&'static str],
    ) -> Self {
        let mut mistyped = Vec::new();
        for key in table.keys().filter(|key| !keys.contains(&key.get_ref().as_ref())) {
            let absent = keys.iter().copied().filter(|known| !table.contains_key(*known));
            let meant = nearest(key.get_ref(), absent);
            mistyped.extend(meant.and_then(|meant| keys.iter().find(|known| **known == meant)));
            let hint = meant
                .map_or_else(|| format!("known keys: {}", keys.join(", ")), |meant| format!("did you mean `{meant}`?"));
            document.mistake(key.span(), format!("unknown key `{}`{}", key.get_ref(), within(&name)), Some(hint));
        }
        Self { document, name, table, span, mistyped }
    }

    /// Where the section starts: its header, or the first line of the file.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Where the value of `key` is, or else the section.
    pub fn span_of(&self, key: &str) -> Range<usize> {
        self.table.get(key).map_or_else(|| self.span(), Spanned::span)
    }

    pub fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    pub fn document(&self) -> &'d Document {
        self.document
    }

    /// Notes a mistake at `span`.
    pub fn mistake(&self, span: Range<usize>, what: impl Into<String>) {
        self.document.mistake(span, what, None);
    }

    /// Notes that `name` at `span` is none of `candidates`, with the nearest of them.
    pub fn unknown<'a>(
        &self,
        span: Range<usize>,
        what: String,
        name: &str,
        candidates: impl IntoIterator<Item = &'a str>,
    ) {
        self.document.mistake(span, what, did_you_mean(name, candidates));
    }

    /// Notes that `key` is missing, unless it is there under a mistyped name.
    pub fn missing(&self, key: &'static str) {
        if !self.mistyped.contains(&key) {
            self.mistake(self.span(), format!("`{key}` is missing{}", within(&self.name)));
        }
    }

    /// A text that must be there, in one line and not empty.
    pub fn required_text(&self, key: &'static str) -> Option<Spanned<String>> {
        if !self.table.contains_key(key) {
            self.missing(key);
        }
        self.text(key)
    }

    /// A text, in one line and not empty.
    pub fn text(&self, key: &str) -> Option<Spanned<String>> {
        let value = self.table.get(key)?;
        let DeValue::String(text) = value.get_ref() else { return self.wrong_type(key, value, "a text in quotes") };
        self.one_line(key, value.span(), text)
    }

    /// A date, with or without quotes, as it is written: who knows what it may be reads it.
    pub fn date(&self, key: &str) -> Option<Spanned<String>> {
        let value = self.table.get(key)?;
        match value.get_ref() {
            DeValue::Datetime(date) => Some(Spanned::new(value.span(), date.to_string())),
            DeValue::String(text) => self.one_line(key, value.span(), text),
            _ => self.wrong_type(key, value, "a date, as 2026-03-01T23:59:00"),
        }
    }

    /// The numbers of the table `[key]`, whose keys are names that only the reader knows.
    pub fn numbers(&self, key: &'static str) -> Vec<(Spanned<String>, Spanned<f64>)> {
        let Some(value) = self.table.get(key) else { return Vec::new() };
        let DeValue::Table(table) = value.get_ref() else {
            self.wrong_type::<()>(key, value, "a table");
            return Vec::new();
        };
        let inside =
            Self { document: self.document, name: format!("[{key}]"), table, span: value.span(), mistyped: Vec::new() };
        let named = table.keys().map(|name| Spanned::new(name.span(), name.get_ref().to_string()));
        named.filter_map(|name| Some((name.clone(), inside.number(name.get_ref())?))).collect()
    }

    /// A list of texts; nothing when absent.
    pub fn texts(&self, key: &str) -> Vec<Spanned<String>> {
        let Some(value) = self.table.get(key) else { return Vec::new() };
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong_type::<()>(key, value, "a list of texts");
            return Vec::new();
        };
        let text = |item: &Spanned<DeValue>| match item.get_ref() {
            DeValue::String(text) => self.one_line(key, item.span(), text),
            _ => self.wrong_type(key, item, "a list of texts"),
        };
        items.iter().filter_map(text).collect()
    }

    /// A whole number.
    pub fn integer(&self, key: &str) -> Option<Spanned<i64>> {
        let value = self.table.get(key)?;
        let DeValue::Integer(integer) = value.get_ref() else { return self.wrong_type(key, value, "a whole number") };
        match i64::from_str_radix(integer.as_str(), integer.radix()) {
            Ok(number) => Some(Spanned::new(value.span(), number)),
            Err(_) => self.refuse(value.span(), format!("`{key}` is too large")),
        }
    }

    /// A number, whole or not; `nan` and `inf` are none.
    pub fn number(&self, key: &str) -> Option<Spanned<f64>> {
        let value = self.table.get(key)?;
        let number: f64 = match value.get_ref() {
            DeValue::Integer(integer) if integer.radix() == 10 => integer.as_str().parse().ok()?,
            DeValue::Float(float) => float.as_str().parse().ok()?,
            _ => return self.wrong_type(key, value, "a number"),
        };
        if number.is_finite() {
            Some(Spanned::new(value.span(), number))
        } else {
            self.refuse(value.span(), format!("`{key}` must be a number"))
        }
    }

    pub fn boolean(&self, key: &str) -> Option<bool> {
        let value = self.table.get(key)?;
        match value.get_ref() {
            DeValue::Boolean(boolean) => Some(*boolean),
            _ => self.wrong_type(key, value, "true or false"),
        }
    }

    /// A point in time: a day, or a time with its offset.
    pub fn moment(&self, key: &str) -> Option<Spanned<Moment>> {
        let value = self.table.get(key)?;
        let DeValue::Datetime(written) = value.get_ref() else {
            return self.wrong_type(key, value, "a date without quotes, such as 2026-03-02");
        };
        let moment = Moment::of(written);
        if moment.is_none() {
            let hint = "write the day, 2026-03-02, or the time with its offset, 2026-03-02T08:00:00+01:00";
            let what = format!("`{key}` does not say which moment it is");
            self.document.mistake(value.span(), what, Some(hint.to_owned()));
        }
        moment.map(|moment| Spanned::new(value.span(), moment))
    }

    /// The table `[key]`, which may have `keys` only.
    pub fn section(&self, key: &'static str, keys: &'static [&'static str]) -> Option<Self> {
        let value = self.table.get(key)?;
        match value.get_ref() {
            DeValue::Table(table) => Some(Self::new(self.document, format!("[{key}]"), table, value.span(), keys)),
            _ => self.wrong_type(key, value, "a table"),
        }
    }

    /// The tables `[[key]]`, each of which may have `keys` only.
    pub fn sections(&self, key: &'static str, keys: &'static [&'static str]) -> Vec<Self> {
        let Some(value) = self.table.get(key) else { return Vec::new() };
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong_type::<()>(key, value, "a list of tables, each under its own `[[…]]`");
            return Vec::new();
        };
        let section = |item: &'d Spanned<DeValue<'d>>| match item.get_ref() {
            DeValue::Table(table) => Some(Self::new(self.document, format!("[[{key}]]"), table, item.span(), keys)),
            _ => self.wrong_type(key, item, "a list of tables, each under its own `[[…]]`"),
        };
        items.iter().filter_map(section).collect()
    }

    fn one_line(&self, key: &str, span: Range<usize>, text: &str) -> Option<Spanned<String>> {
        if text.trim().is_empty() {
            return self.refuse(span, format!("`{key}` is empty"));
        }
        if text.chars().any(char::is_control) {
            return self.refuse(span, format!("`{key}` must be one line without control characters"));
        }
        Some(Spanned::new(span, text.to_owned()))
    }

    fn wrong_type<T>(&self, key: &str, value: &Spanned<DeValue>, wanted: &str) -> Option<T> {
        let found = match value.get_ref() {
            DeValue::String(_) => "a text",
            DeValue::Integer(_) => "a whole number",
            DeValue::Float(_) => "a number",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        self.refuse(value.span(), format!("`{key}` must be {wanted}, not {found}"))
    }

    fn refuse<T>(&self, span: Range<usize>, what: String) -> Option<T> {
        self.mistake(span, what);
        None
    }
}

fn within(name: &str) -> String {
    if name.is_empty() { String::new() } else { format!(" in `{name}`") }
}

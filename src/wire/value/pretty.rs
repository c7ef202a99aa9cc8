//! Python's `repr` over several lines, one item each.

use std::fmt::{self, Write};

use super::Value;
use super::repr::{self, Enclosing, Shape};

const INDENT: &str = "    ";

pub(super) fn pretty(value: &Value, width: usize) -> String {
    let mut out = String::new();
    write(value, 0, width, &mut out, &mut Enclosing::new());
    out
}

fn write(value: &Value, level: usize, width: usize, out: &mut String, enclosing: &mut Enclosing) {
    let room = width.saturating_sub(level * INDENT.len());
    let shape = Shape::of(value).filter(|shape| !shape.entries.is_empty());
    let Some(shape) = shape.filter(|_| !fits(value, room, enclosing)) else {
        // Writing into a `String` can't fail.
        let _ = repr::write(value, out, enclosing);
        return;
    };
    enclosing.push(shape.inside_itself);
    out.push_str(shape.open);
    out.push('\n');
    for entry in &shape.entries {
        out.push_str(&INDENT.repeat(level + 1));
        if let Some(key) = entry.key {
            let _ = repr::write(key, out, enclosing);
            out.push_str(": ");
        }
        write(entry.value, level + 1, width, out, enclosing);
        out.push_str(",\n");
    }
    enclosing.pop();
    out.push_str(&INDENT.repeat(level));
    out.push_str(shape.close);
}

/// Whether the flat form is at most `room` characters long; looks at no more of the value than that.
fn fits(value: &Value, room: usize, enclosing: &mut Enclosing) -> bool {
    let depth = enclosing.len();
    let fits = repr::write(value, &mut Room(room), enclosing).is_ok();
    enclosing.truncate(depth);
    fits
}

struct Room(usize);

impl Write for Room {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 = self.0.checked_sub(text.chars().count()).ok_or(fmt::Error)?;
        Ok(())
    }
}

//! Python stacks as `faulthandler` writes them. They come from the learner's process: a help in finding a line, never evidence.

/// A line of a stack, in a file of the learner's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StackFrame {
    /// As written: an absolute path inside the sandbox.
    pub file: String,
    pub line: u32,
    pub function: String,
}

/// Deepest stack that is kept.
const MOST: usize = 100;

/// The stack of the thread that was running, outermost frame first. Frames of our own runner are left out by the caller, who knows the folder.
pub fn parse(text: &str) -> Vec<StackFrame> {
    // "Current thread" is the one that handled the signal: the main thread, whatever the others do. It is written last.
    let current = text.rfind("Current thread").map_or(text, |at| &text[at..]);
    let mut frames: Vec<_> =
        current.lines().skip_while(|line| !line.starts_with("  File ")).map_while(frame).take(MOST).collect();
    frames.reverse();
    frames
}

/// `  File "/work/x.py", line 3 in spin`
fn frame(line: &str) -> Option<StackFrame> {
    let rest = line.strip_prefix("  File \"")?;
    let (file, rest) = rest.rsplit_once("\", line ")?;
    let (number, function) = rest.split_once(" in ")?;
    Some(StackFrame { file: file.to_owned(), line: number.parse().ok()?, function: function.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DUMP: &str = "Thread 0x00007f (most recent call first):\n  File \"/usr/lib/python3.11/threading.py\", line 324 in wait\n\n\
        Current thread 0x00007f0000 (most recent call first):\n  File \"/work/x.py\", line 3 in spin\n  File \"/work/x.py\", line 9 in <module>\n";

    #[test]
    fn the_current_thread_is_told_outermost_first() {
        let frames = parse(DUMP);
        assert_eq!(frames.len(), 2);
        assert_eq!((frames[0].line, frames[1].function.as_str()), (9, "spin"));
    }

    #[test]
    fn nonsense_is_no_stack() {
        assert!(parse("\u{1b}[2J File \"x\" line in\n  File \"a\", line b in c\n").is_empty());
    }
}

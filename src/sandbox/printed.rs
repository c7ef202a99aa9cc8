//! What a process prints while it serves a request, and the conversation that `input()` makes of it.

use super::capture::Capture;

/// Most of a conversation that is kept; in the judge's JSON each byte may become six.
const TRANSCRIPT_BYTES: usize = 256 * 1024;
/// What each prompt counts beside its words, bytes.
const PROMPT_COST: usize = 64;

/// What was printed while a request was served, in the order in which it is known.
#[derive(Debug, Default)]
pub struct Printed {
    /// Since the last prompt.
    pub stdout: Capture,
    pub stderr: Capture,
    /// (`out` | `prompt` | `in`, text) up to the last prompt.
    transcript: Vec<(&'static str, String)>,
    transcript_bytes: usize,
    transcript_cut: bool,
    /// Bytes of standard output up to the last prompt, and of the conversation.
    earlier: u64,
}

impl Printed {
    /// Bytes of standard output and error.
    pub const fn total(&self) -> u64 {
        self.earlier + self.stdout.total() + self.stderr.total()
    }

    /// Standard output with the prompts in it, the conversation (empty without prompts), and whether anything was cut.
    pub fn told(&self) -> (String, Vec<(&'static str, String)>, bool) {
        let rest = self.stdout.text();
        let cut = self.stdout.is_cut() || self.stderr.is_cut() || self.transcript_cut;
        if self.transcript.is_empty() {
            return (rest, Vec::new(), cut);
        }
        let mut transcript = self.transcript.clone();
        if !rest.is_empty() {
            transcript.push(("out", rest));
        }
        let shown = transcript.iter().filter(|(kind, _)| *kind != "in").map(|(_, text)| text.as_str()).collect();
        (shown, transcript, cut)
    }

    /// `input()` has shown a prompt and read a line.
    ///
    /// The line and the frame count too: a conversation without words must come to an end as well.
    pub(super) fn prompted(&mut self, prompt: String, line: String) {
        let before = self.stdout.take();
        self.earlier += before.total() + (prompt.len() + line.len() + PROMPT_COST) as u64;
        self.transcript_cut |= before.is_cut();
        if before.total() > 0 {
            self.tell("out", before.text());
        }
        self.tell("prompt", prompt);
        self.tell("in", line);
    }

    fn tell(&mut self, kind: &'static str, text: String) {
        self.transcript_bytes += text.len();
        if self.transcript_bytes > TRANSCRIPT_BYTES {
            self.transcript_cut = true;
        } else {
            self.transcript.push((kind, text));
        }
    }
}

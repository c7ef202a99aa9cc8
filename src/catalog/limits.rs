//! What a submission may use: the `[limits]` of an exercise.

use crate::document::Section;

/// All positive; the units are in the names (`mb` and `kb` are multiples of 1024).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Wall time of one call into the sandbox.
    pub wall_ms: u64,
    /// CPU time of one call.
    pub cpu_ms: u64,
    /// Wall time of a whole submission.
    pub total_wall_ms: u64,
    pub memory_mb: u64,
    pub processes: u64,
    pub open_files: u64,
    /// One file, and the private `/tmp`.
    pub file_mb: u64,
    /// stdout and stderr of one call together.
    pub output_kb: u64,
    /// What a probe may answer.
    pub observation_kb: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            wall_ms: 5_000,
            cpu_ms: 3_000,
            total_wall_ms: 60_000,
            memory_mb: 256,
            processes: 32,
            open_files: 128,
            file_mb: 16,
            output_kb: 1024,
            observation_kb: 1024,
        }
    }
}

const KEYS: &[&str] = &[
    "wall_ms",
    "cpu_ms",
    "total_wall_ms",
    "memory_mb",
    "processes",
    "open_files",
    "file_mb",
    "output_kb",
    "observation_kb",
];

/// An hour; a mistyped zero too many must not hold a run for a day.
const MOST_MS: u64 = 60 * 60 * 1000;
/// 64 GiB in MiB.
const MOST_MB: u64 = 64 * 1024;
/// 64 MiB in KiB: output and observations are held in memory.
const MOST_KB: u64 = 64 * 1024;
const MOST_COUNT: u64 = 65_536;

impl Limits {
    /// Reads `[limits]` below `root`; what is absent keeps its default.
    pub(super) fn read(root: &Section) -> Self {
        let mut limits = Self::default();
        if let Some(section) = root.section("limits", KEYS) {
            for (key, value, most) in limits.fields() {
                if let Some(number) = read_positive(&section, key, most) {
                    *value = number;
                }
            }
        }
        limits
    }

    fn fields(&mut self) -> [(&'static str, &mut u64, u64); 9] {
        [
            ("wall_ms", &mut self.wall_ms, MOST_MS),
            ("cpu_ms", &mut self.cpu_ms, MOST_MS),
            ("total_wall_ms", &mut self.total_wall_ms, MOST_MS),
            ("memory_mb", &mut self.memory_mb, MOST_MB),
            ("processes", &mut self.processes, MOST_COUNT),
            ("open_files", &mut self.open_files, MOST_COUNT),
            ("file_mb", &mut self.file_mb, MOST_MB),
            ("output_kb", &mut self.output_kb, MOST_KB),
            ("observation_kb", &mut self.observation_kb, MOST_KB),
        ]
    }
}

fn read_positive(section: &Section, key: &str, most: u64) -> Option<u64> {
    let number = section.integer(key)?;
    match u64::try_from(*number.get_ref()) {
        Ok(value) if (1..=most).contains(&value) => Some(value),
        _ => {
            section.mistake(number.span(), format!("`{key}` must be between 1 and {most}"));
            None
        }
    }
}

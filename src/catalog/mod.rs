//! The catalogue: exercises, graders and fixtures found by id, embedded or in a folder.

mod check;
pub mod checklist;
pub mod embedded;
mod entries;
mod equivalents;
mod evidence;
mod exercise;
mod hashing;
mod hints;
mod id;
mod include;
mod limits;
mod manifest;
mod names;
mod needs;
mod present;
mod samples;
mod select;
pub(crate) mod strays;
mod together;
mod track;

pub use check::CheckSpec;
pub use entries::Catalog;
pub use equivalents::{Equivalent, MutantRecords};
pub use evidence::{Evidence, Mastery};
pub use exercise::Exercise;
pub(crate) use exercise::in_folder;
pub(crate) use hashing::add_file;
pub use hints::Hint;
pub use id::ExerciseId;
pub use include::{Include, is_left_behind};
pub use limits::Limits;
pub(crate) use names::is_python_file;
pub use needs::{SandboxNeeds, Sharing};
pub use samples::{Expected, Sample};
pub use select::Selection;
pub(crate) use select::list_order;
pub use together::Together;
pub use track::Track;

pub use crate::suggest;

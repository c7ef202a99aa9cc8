//! The catalogue on the screen: lists, texts, starters and hints, and what was put into a repository.

mod hint;
mod init;
mod list;
mod list_json;
mod new;
mod show;
mod start;

pub use hint::{hints, hints_reset};
pub use init::init;
pub use list::{Row, list};
pub use list_json::list_json;
pub use new::new;
pub use show::show;
pub use start::start;

/// `1 check`, `2 checks`.
fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

//! Style and script, and the policy that allows just these.

use std::sync::LazyLock;

use data_encoding::BASE64;
use sha2::{Digest as _, Sha256};

pub(super) const STYLE: &str = include_str!("assets/report.css");
pub(super) const SCRIPT: &str = include_str!("assets/class.js");

/// Of a page without a script.
pub(super) static STILL: LazyLock<String> = LazyLock::new(|| policy(None));
/// Of the class page.
pub(super) static LIVELY: LazyLock<String> = LazyLock::new(|| policy(Some(SCRIPT)));

/// A Content-Security-Policy: nothing is loaded, nothing is sent, and no other style or script counts.
fn policy(script: Option<&str>) -> String {
    let hash = |text: &str| format!("'sha256-{}'", BASE64.encode(&Sha256::digest(text)));
    let script = script.map_or_else(|| "'none'".to_owned(), hash);
    format!("default-src 'none'; style-src {}; script-src {script}; base-uri 'none'; form-action 'none'", hash(STYLE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_ours_ends_its_own_element() {
        assert!(!STYLE.contains("</") && !SCRIPT.contains("</") && !SCRIPT.contains("<!--"));
    }

    #[test]
    fn nothing_is_loaded_from_anywhere() {
        for text in [STYLE, SCRIPT] {
            assert!(
                !["http:", "https:", "url(", "@import", "fetch(", "import("].iter().any(|word| text.contains(word))
            );
        }
    }
}

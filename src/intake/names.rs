//! Names in archives: decoded, put into one form, and refused where they could mean something else.

use unicode_normalization::UnicodeNormalization as _;

use super::limits::{DEPTH, NAME_BYTES};

/// The path that a name in an archive stands for: relative, with `/`, in Unicode's form NFC. The error says what is wrong with it.
pub(super) fn path(raw: &[u8], decode: fn(&[u8]) -> String) -> Result<String, &'static str> {
    let text = std::str::from_utf8(raw).map_or_else(|_| decode(raw), str::to_owned);
    // Windows programs write these for folders; taken for part of a name they could leave the folder later, there.
    let text = text.replace('\\', "/");
    if text.starts_with('/') || has_drive(&text) {
        return Err("an absolute path");
    }
    let parts: Vec<&str> = text.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    if parts.contains(&"..") {
        return Err("a path that leads out of the archive");
    }
    if parts.is_empty() {
        return Err("an empty name");
    }
    if text.chars().any(char::is_control) {
        return Err("control characters in its name");
    }
    if parts.len() > DEPTH {
        return Err("folders nested too deeply");
    }
    if parts.iter().any(|part| part.len() > NAME_BYTES) {
        return Err("a name longer than 255 bytes");
    }
    Ok(parts.join("/").nfc().collect())
}

/// `C:`
fn has_drive(text: &str) -> bool {
    matches!(text.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic())
}

/// How zip files of old programs write names.
pub(super) fn code_page_437(raw: &[u8]) -> String {
    const HIGH: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";
    let high: Vec<char> = HIGH.chars().collect();
    raw.iter().map(|byte| if *byte < 128 { char::from(*byte) } else { high[usize::from(*byte) - 128] }).collect()
}

/// Bytes that are no text, so that two different names stay different: `M\xfcller`.
pub(super) fn escaped(raw: &[u8]) -> String {
    let mut text = String::new();
    for chunk in raw.utf8_chunks() {
        text.push_str(chunk.valid());
        // Not as `\x`: a backslash would part folders.
        text.extend(chunk.invalid().iter().map(|byte| format!("%{byte:02X}")));
    }
    text
}

/// What is equal for a file system that does not tell small letters from capital ones.
pub(super) fn folded(path: &str) -> String {
    path.nfc().flat_map(char::to_lowercase).collect()
}

/// The last part of a path.
pub(super) fn base(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

const ARCHIVES: [&str; 14] = [
    ".tar.gz", ".tar.bz2", ".tar.xz", ".tar.zst", ".tgz", ".tbz2", ".tbz", ".txz", ".tzst", ".tar", ".zip", ".7z",
    ".rar", ".gz",
];

/// A name without what makes it an archive's; `None` when it is none.
pub(super) fn archive_stem(name: &str) -> Option<&str> {
    ARCHIVES.iter().find_map(|end| {
        let at = name.len().checked_sub(end.len()).filter(|at| *at > 0 && name.is_char_boundary(*at))?;
        name[at..].eq_ignore_ascii_case(end).then(|| &name[..at])
    })
}

/// What tools and systems leave behind: nothing that is handed in.
pub(super) fn is_junk(part: &str) -> bool {
    const JUNK: [&str; 14] = [
        "__MACOSX",
        "__pycache__",
        ".git",
        ".hg",
        ".svn",
        ".venv",
        "venv",
        ".tox",
        ".idea",
        ".vscode",
        "node_modules",
        ".DS_Store",
        ".pytest_cache",
        ".mypy_cache",
    ];
    JUNK.contains(&part) || part.starts_with("._")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str) -> Result<String, &'static str> {
        path(name.as_bytes(), escaped)
    }

    #[test]
    fn what_leads_elsewhere_is_refused_in_every_spelling() {
        for name in ["../a.py", "a/../../b", "..\\a.py", "x/.."] {
            assert_eq!(of(name), Err("a path that leads out of the archive"), "{name}");
        }
        for name in ["/a.py", "\\a.py", "C:\\a.py", "c:a.py", "//host/a"] {
            assert_eq!(of(name), Err("an absolute path"), "{name}");
        }
        assert_eq!(of("a\nb"), Err("control characters in its name"));
        assert_eq!(of("./"), Err("an empty name"));
        assert!(of(&"a/".repeat(100)).is_err() && of(&"a".repeat(300)).is_err());
    }

    #[test]
    fn names_come_in_one_form() {
        assert_eq!(of("./a//b\\c.py").unwrap(), "a/b/c.py");
        assert_eq!(of("cafe\u{301}.py").unwrap(), "caf\u{e9}.py");
        assert_eq!(path(b"M\x81ller", code_page_437).unwrap(), "Müller");
        assert_eq!(path(b"M\xfcller", escaped).unwrap(), "M%FCller");
        assert_eq!(folded("Ä/A.PY"), folded("a\u{308}/a.py"));
    }

    #[test]
    fn archives_are_known_by_their_names() {
        assert_eq!(archive_stem("ada.tar.gz"), Some("ada"));
        assert_eq!(archive_stem("Ada.ZIP"), Some("Ada"));
        assert_eq!(archive_stem(".zip"), None);
        assert_eq!(archive_stem("decorators.py"), None);
    }
}

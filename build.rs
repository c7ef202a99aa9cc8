//! Embeds the catalogue: a sorted table of names and bytes, and one digest over all of it.

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

#[path = "src/catalog/strays.rs"]
mod strays;

const FOLDERS: [&str; 3] = ["exercises", "graders", "fixtures"];

/// Only our own tests read these.
const LEFT_OUT: [&str; 3] = ["fixtures/hostile", "fixtures/repository", "graders/tests"];

fn main() -> io::Result<()> {
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").ok_or(io::ErrorKind::NotFound)?);
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?);
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/catalog/strays.rs");
    let mut files = Vec::new();
    for folder in FOLDERS {
        println!("cargo::rerun-if-changed={folder}");
        collect(&root, folder, &mut files)?;
    }
    files.sort();
    let (table, embedded) = table(&root, &files)?;
    println!("cargo::rustc-env=GRADE_BUILD={}", build(&root, &embedded)?);
    std::fs::write(out.join("embedded.rs"), table)
}

/// Stands for everything that this program judges by: its sources and what is embedded in it. Results of another build are not reused.
fn build(root: &Path, embedded: &str) -> io::Result<String> {
    println!("cargo::rerun-if-changed=src");
    println!("cargo::rerun-if-changed=Cargo.lock");
    let mut sources = vec!["Cargo.lock".to_owned()];
    collect(root, "src", &mut sources)?;
    sources.sort();
    let mut digest = blake3::Hasher::new();
    digest.update(embedded.as_bytes());
    for name in &sources {
        digest.update(name.as_bytes()).update(blake3::hash(&std::fs::read(root.join(name))?).as_bytes());
    }
    Ok(digest.finalize().to_hex().to_string())
}

/// Appends the names of all files in `folder` (relative to `root`, with `/`).
fn collect(root: &Path, folder: &str, files: &mut Vec<String>) -> io::Result<()> {
    let path = root.join(folder);
    if LEFT_OUT.contains(&folder) || !path.is_dir() {
        return Ok(());
    }
    for entry in path.read_dir()? {
        let entry = entry?;
        let name = entry.file_name().into_string().map_err(|_| io::ErrorKind::InvalidFilename)?;
        let inside = format!("{folder}/{name}");
        if strays::is_stray(&name) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            collect(root, &inside, files)?;
        } else {
            files.push(inside);
        }
    }
    Ok(())
}

/// The table as Rust, and the digest that stands for it.
fn table(root: &Path, files: &[String]) -> io::Result<(String, String)> {
    let mut digest = blake3::Hasher::new();
    let mut rows = String::new();
    for name in files {
        let path = root.join(name);
        let bytes = std::fs::read(&path)?;
        // Lengths keep a name and its bytes apart from the next file's.
        digest.update(&(name.len() as u64).to_le_bytes()).update(name.as_bytes());
        digest.update(&(bytes.len() as u64).to_le_bytes()).update(&bytes);
        let path = path.to_str().ok_or(io::ErrorKind::InvalidFilename)?;
        writeln!(rows, "    ({name:?}, include_bytes!({path:?})),").map_err(io::Error::other)?;
    }
    let digest = digest.finalize().to_hex().to_string();
    let table = format!(
        "pub(super) const DIGEST: &str = {digest:?};\npub(super) static FILES: &[(&str, &[u8])] = &[\n{rows}];\n"
    );
    Ok((table, digest))
}

//! Opens the file of a run, for reading or for writing.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::fault::{StoreContext as _, is_no_run, no_run};
use crate::error::{Fault, IoContext as _, Result};

/// `grad` in the file's header (<https://sqlite.org/pragma.html#pragma_application_id>).
const APPLICATION: i64 = 0x6772_6164;
/// Version of the schema.
const VERSION: i64 = 1;
/// How long a writer may keep us waiting: it commits in milliseconds.
const PATIENCE: Duration = Duration::from_secs(30);

/// A connection that writes. While it lives nobody else can have one.
#[derive(Debug)]
pub(super) struct Writer {
    // Dropped in this order: closing any descriptor of a file gives up all POSIX locks on it, SQLite's too.
    pub(super) connection: Connection,
    _only: File,
}

/// Makes the file of a new run, empty but for its tables.
pub(super) fn create(path: &Path) -> Result<Writer> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return Err(Fault::usage(format!("there is no folder `{}` to put the run into", folder.display())));
    }
    let taken = || {
        Fault::usage(format!("`{}` is there already", path.display()))
            .hint("`--resume` goes on with a run; another `--out` begins a new one")
    };
    if path.symlink_metadata().is_ok() {
        return Err(taken());
    }
    // Under another name until it is whole: a kill in between leaves no half a run.
    let half = tempfile::Builder::new()
        .prefix(".grade-run-")
        .tempdir_in(folder)
        .or_machine(|| format!("make `{}`", path.display()))?;
    let inside = half.path().join("run");
    let connection = Connection::open(&inside).or_store("make the run")?;
    let tables = format!(
        "PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {VERSION};\nBEGIN;\n{}\nCOMMIT;",
        include_str!("schema.sql")
    );
    connection.execute_batch(&tables).or_store("make the tables of the run")?;
    connection.close().map_err(|(_, error)| error).or_store("make the run")?;
    match std::fs::hard_link(&inside, path) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => return Err(taken()),
        // A file system without hard links.
        Err(_) => std::fs::rename(&inside, path).or_machine(|| format!("make `{}`", path.display()))?,
        Ok(()) => {}
    }
    write(path)
}

/// Opens an existing run for writing.
pub(super) fn write(path: &Path) -> Result<Writer> {
    let only = File::open(path).map_err(|_| no_run(path))?;
    match only.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            return Err(Fault::usage(format!("another `grade` is working on `{}`", path.display())));
        }
        Err(TryLockError::Error(error)) => return Err(error).or_machine(|| format!("lock `{}`", path.display())),
    }
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    // FULL: a result that was told is on the disk, also when the power goes.
    connection
        .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")
        .or_store("open the run")?;
    Ok(Writer { connection, _only: only })
}

/// Opens an existing run for reading, also while another process writes it.
pub(super) fn read(path: &Path) -> Result<Connection> {
    if !path.is_file() {
        return Err(no_run(path));
    }
    // Where the folder can't be written to, SQLite can read a run only if nobody is at work on it.
    open(path, OpenFlags::SQLITE_OPEN_READ_WRITE)
        .or_else(|fault| if fault.exit_code() == 2 { Err(fault) } else { open_still(path) })
}

fn open_still(path: &Path) -> Result<Connection> {
    let absolute = std::path::absolute(path).or_machine(|| format!("open `{}`", path.display()))?;
    checked(
        Connection::open_with_flags(uri(&absolute), OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI),
        path,
    )
}

fn uri(path: &Path) -> String {
    let escape = |c: char| match c {
        '%' => "%25".to_owned(),
        '?' => "%3f".to_owned(),
        '#' => "%23".to_owned(),
        c => c.to_string(),
    };
    format!("file:{}?immutable=1", path.to_string_lossy().chars().map(escape).collect::<String>())
}

fn open(path: &Path, flags: OpenFlags) -> Result<Connection> {
    checked(Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX), path)
}

fn checked(opened: rusqlite::Result<Connection>, path: &Path) -> Result<Connection> {
    let doing = format!("open the run `{}`", path.display());
    let connection = opened.or_store(&doing)?;
    connection.busy_timeout(PATIENCE).or_store(&doing)?;
    let pragma = |name: &str| connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0));
    let application = pragma("application_id").map_err(|error| match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase) => is_no_run(path),
        _ => Fault::machine(format!("can't {doing}")).because(error),
    })?;
    if application != APPLICATION {
        return Err(is_no_run(path));
    }
    match pragma("user_version").or_store(&doing)? {
        VERSION => Ok(connection),
        other => Err(Fault::usage(format!("`{}` was written by another version of grade", path.display()))
            .because(format!("its schema is {other}, this `grade` knows {VERSION}"))
            .hint("use the version that made it")),
    }
}

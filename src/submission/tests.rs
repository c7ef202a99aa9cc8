use std::fs;
use std::os::unix::fs::symlink;
use std::time::Duration;

use super::reading::{Refusal, open_base, read_file};

fn read(folder: &std::path::Path, path: &str) -> Result<Vec<u8>, Refusal> {
    read_file(&open_base(folder).unwrap(), path, 8)
}

#[test]
fn a_file_of_just_the_allowed_size_is_read_and_one_byte_more_is_not() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.py"), "12345678").unwrap();
    fs::write(folder.path().join("b.py"), "123456789").unwrap();
    assert_eq!(read(folder.path(), "a.py"), Ok(b"12345678".to_vec()));
    assert_eq!(read(folder.path(), "b.py"), Err(Refusal::TooLarge(8)));
}

#[test]
fn a_link_is_refused_wherever_it_leads() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("real")).unwrap();
    fs::write(folder.path().join("real/a.py"), "x").unwrap();
    symlink("real/a.py", folder.path().join("b.py")).unwrap();
    symlink("real", folder.path().join("week1")).unwrap();
    symlink("nowhere", folder.path().join("c.py")).unwrap();
    assert_eq!(read(folder.path(), "b.py"), Err(Refusal::Link("b.py".into())));
    assert_eq!(read(folder.path(), "c.py"), Err(Refusal::Link("c.py".into())));
    assert_eq!(read(folder.path(), "week1/a.py"), Err(Refusal::Link("week1".into())));
}

#[test]
fn a_named_pipe_does_not_block() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.py");
    rustix::fs::mknodat(rustix::fs::CWD, &path, rustix::fs::FileType::Fifo, rustix::fs::Mode::RUSR, 0).unwrap();
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || sender.send(read(folder.path(), "a.py")));
    let answer = receiver.recv_timeout(Duration::from_secs(5)).expect("reading a named pipe blocked");
    assert_eq!(answer, Err(Refusal::NotAFile("a named pipe")));
}

#[test]
fn a_folder_a_socket_and_nothing_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("a.py")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("b.py")).unwrap();
    assert_eq!(read(folder.path(), "a.py"), Err(Refusal::NotAFile("a folder")));
    assert_eq!(read(folder.path(), "b.py"), Err(Refusal::NotAFile("a socket")));
    assert_eq!(read(folder.path(), "c.py"), Err(Refusal::Missing));
    assert_eq!(read(folder.path(), "no/such/c.py"), Err(Refusal::Missing));
}

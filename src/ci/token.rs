//! Words that nobody can guess.

use crate::error::{IoContext as _, Result};

/// 128 random bits as hexadecimal digits. Drawn after learner code has ended, so that it can't have seen one.
pub fn token() -> Result<String> {
    let mut bytes = [0; 16];
    rustix::rand::getrandom(&mut bytes, rustix::rand::GetRandomFlags::empty())
        .map_err(std::io::Error::from)
        .or_machine(|| "draw a random word".to_owned())?;
    Ok(data_encoding::HEXLOWER.encode(&bytes))
}

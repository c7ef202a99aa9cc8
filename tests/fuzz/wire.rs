//! Everything that decodes what a sandbox says, fed with whatever libFuzzer thinks of: `cargo +nightly fuzz run --fuzz-dir tests/fuzz wire`.
//!
//! Nothing may panic, and what is taken has to be the same thing again when it is written and read once more.

#![no_main]

use grade::wire::frame::{FrameBuffer, JudgeFrame, SandboxFrame};
use grade::wire::value::{Bounds, Value, validate, validate_answer, validate_oracle_call, validate_prompt};
use libfuzzer_sys::fuzz_target;

const LARGEST: usize = 1 << 16;

fuzz_target!(|data: &[u8]| {
    let bounds = Bounds { bytes: LARGEST, ..Bounds::default() };
    let taken = validate(data, &bounds).is_ok();
    let _ = (validate_answer(data, &bounds), validate_oracle_call(data, &bounds), validate_prompt(data, &bounds));
    match Value::decode_within(data, &bounds) {
        Ok(value) => {
            assert!(taken, "decoded what is not valid");
            let again = Value::decode(&value.encode()).expect("what was written can be read");
            assert_eq!(again.encode(), value.encode());
        }
        Err(_) => assert!(!taken, "valid and not decoded"),
    }
    let mut frames = FrameBuffer::new(SandboxFrame::OVERHEAD, LARGEST);
    // Cut where the first byte says: frames come in any pieces.
    let cut = data.first().map_or(0, |first| usize::from(*first).min(data.len()));
    for part in [&data[..cut], &data[cut..]] {
        frames.push(part);
        while let Ok(Some(bytes)) = frames.take() {
            let _ = SandboxFrame::parse(bytes);
        }
    }
    let _ = JudgeFrame::parse(data);
});

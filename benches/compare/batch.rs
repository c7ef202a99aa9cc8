//! `--batch`: `grade batch` beside `xargs -P` over plain pytest on the same submissions, and what a submission costs in batches of other sizes.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::ground::{EXERCISE, GRADE, Ground, Sample, cache_dir};
use crate::meter::{Meter, Spent, timed};
use crate::table::mib;
use crate::tree;

/// How often memory is looked at.
const LOOK: Duration = Duration::from_millis(200);

/// One batch: time and memory for all of its processes together.
struct Batch {
    spent: Spent,
    /// Proportional set size of the tree at its highest, KiB.
    peak: u64,
}

#[expect(clippy::print_stdout, reason = "the table is what the benchmark is for")]
pub(crate) fn run(ground: &Ground, meter: &Meter, sizes: &[usize], at_once: usize) -> Outcome<()> {
    let size = sizes.iter().copied().min_by_key(|size| size.abs_diff(1000)).unwrap_or(1000);
    println!("for one submission, {at_once} at once; CPU by {}\n", meter.name());
    println!("{:>24}{:>12}{:>12}{:>12}", "", "wall ms", "CPU ms", "peak MiB");
    // Pytest costs the same each time, so a part of the submissions tells enough; both ends of the batch meet it.
    let part = ground.take(0, size.min(100));
    let before = xargs(ground, meter, &part, at_once)?;
    let mut batches = BTreeMap::new();
    for size in sizes {
        let one = batch(ground, meter, &ground.take(0, *size), at_once)?;
        line(&format!("grade batch, {size}"), one.spent, Some(one.peak));
        batches.insert(*size, one);
    }
    let after = xargs(ground, meter, &part, at_once)?;
    line(&format!("xargs pytest, {}", part.len()), before, None);
    line("the same, afterwards", after, None);
    let ratio = |pytest: Duration, ours: Duration| pytest.as_secs_f64() / ours.as_secs_f64();
    if let Some(main) = batches.get(&size) {
        let (wall, cpu) = ((before.wall + after.wall) / 2, (before.cpu + after.cpu) / 2);
        println!(
            "\nthroughput of {size}: {:.1} times (wall), {:.1} times (CPU)",
            ratio(wall, main.spent.wall),
            ratio(cpu, main.spent.cpu)
        );
    }
    if let (Some((small, first)), Some((large, last))) = (batches.first_key_value(), batches.last_key_value()) {
        println!(
            "CPU for one, {large} against {small}: {:.2}",
            last.spent.cpu.as_secs_f64() / first.spent.cpu.as_secs_f64()
        );
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the table is what the benchmark is for")]
fn line(name: &str, spent: Spent, peak: Option<u64>) {
    let ms = |time: Duration| time.as_secs_f64() * 1000.0;
    let peak = peak.map_or_else(String::new, |kib| format!("{:.0}", mib(kib)));
    println!("{name:>24}{:>12.1}{:>12.1}{peak:>12}", ms(spent.wall), ms(spent.cpu));
}

#[expect(clippy::disallowed_methods, reason = "a benchmark starts what it measures")]
fn xargs(ground: &Ground, meter: &Meter, samples: &[Sample], at_once: usize) -> Outcome<Spent> {
    let copies = ground.copies(samples)?;
    let python = ground.judge.python();
    // Exit code 123 of xargs: some pytest failed, as the wrong ones should.
    let script = "cd \"$1\" && exec \"$2\" -m pytest -q -p no:cacheprovider \"$3\" >/dev/null 2>&1";
    meter.measure(samples.len(), || {
        timed(|| {
            let mut xargs = Command::new("xargs")
                .args(["-0", "-P", &at_once.to_string(), "-I{}", "sh", "-c", script, "sh", "{}"])
                .args([&python, &ground.tests])
                .stdin(Stdio::piped())
                .spawn()?;
            let names: Vec<String> =
                (0..samples.len()).map(|index| copies.path().join(index.to_string()).display().to_string()).collect();
            xargs.stdin.take().ok_or("no pipe")?.write_all(names.join("\0").as_bytes())?;
            let code = xargs.wait()?.code();
            let expected = if samples.iter().all(|sample| sample.right) { 0 } else { 123 };
            if code == Some(expected) { Ok(()) } else { Err(format!("xargs ended with {code:?}").into()) }
        })
    })
}

#[expect(clippy::disallowed_methods, reason = "a benchmark starts what it measures")]
fn batch(ground: &Ground, meter: &Meter, samples: &[Sample], at_once: usize) -> Outcome<Batch> {
    let copies = ground.copies(samples)?;
    for index in 0..samples.len() {
        // No two alike, so that each is really run.
        let main = copies.path().join(index.to_string()).join("decorators.py");
        let mut file = fs::OpenOptions::new().append(true).open(main)?;
        writeln!(file, "\n# submission {index}")?;
    }
    let run = ground.temp.path().join(format!("run-{}", samples.len()));
    let mut peak = 0;
    let spent = meter.measure(samples.len(), || {
        timed(|| {
            let child = Command::new(GRADE)
                .args(["batch", EXERCISE, "--no-cache", "--seed", "1", "--plain", "-j", &at_once.to_string(), "--out"])
                .args([&run, copies.path()])
                .env("GRADE_CACHE_DIR", cache_dir())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()?;
            peak = watch(child)?;
            Ok(())
        })
    })?;
    hold(&run, samples)?;
    Ok(Batch { spent, peak })
}

/// Waits for the end; the memory of the whole tree at its highest, KiB.
fn watch(mut child: Child) -> Outcome<u64> {
    let (mut peak, mut looked) = (0, Instant::now());
    loop {
        if let Some(status) = child.try_wait()? {
            return if status.success() { Ok(peak) } else { Err(format!("grade batch: {status}").into()) };
        }
        if looked.elapsed() >= LOOK {
            looked = Instant::now();
            peak = peak.max(tree::below(child.id())?.iter().map(|process| tree::proportional(process.pid)).sum());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Every verdict is what the sample is known to be.
fn hold(run: &Path, samples: &[Sample]) -> Outcome<()> {
    let run = grade::store::Run::open(run).map_err(crate::ground::told)?;
    let mut held = 0;
    for graded in run.graded().map_err(crate::ground::told)? {
        let graded = graded.map_err(crate::ground::told)?;
        let index: usize = graded.submission.learner().parse()?;
        if graded.verdict().map(grade::verdict::Verdict::passed) != Some(samples[index].right) {
            return Err(format!("verdict on {}", samples[index].dir.display()).into());
        }
        held += 1;
    }
    if held == samples.len() { Ok(()) } else { Err(format!("{held} of {} verdicts", samples.len()).into()) }
}

//! `--soak`: what is held on to over ten times `--many` submissions on one warm bench: memory, descriptors, processes, mounts, control groups.

use crate::Outcome;
use crate::ground::Ground;
use crate::table::mib;
use crate::tree::Held;
use crate::warm::Warm;

const BATCHES: usize = 10;

#[expect(clippy::print_stdout, reason = "the table is what the benchmark is for")]
pub(crate) fn run(warm: &mut Warm, ground: &Ground, batch: usize) -> Outcome<()> {
    println!("resident memory in MiB, and what is held, after so many warm submissions\n");
    println!(
        "{:>12}{:>12}{:>8}{:>8}{:>13}{:>11}{:>8}{:>9}",
        "submissions", "supervisor", "judge", "zygote", "descriptors", "processes", "mounts", "cgroups"
    );
    for number in 1..=BATCHES {
        warm.run(&ground.take(number * batch, batch))?;
        let memory = warm.memory()?;
        let [supervisor, judge, zygote] = [memory.supervisor, memory.judge, memory.zygote].map(|each| mib(each.now));
        let Held { descriptors, processes, mounts, control_groups } = warm.held()?;
        println!(
            "{:>12}{supervisor:>12.1}{judge:>8.1}{zygote:>8.1}{descriptors:>13}{processes:>11}{mounts:>8}{control_groups:>9}",
            number * batch
        );
    }
    Ok(())
}

//! `--soak`: memory over a thousand submissions on one warm bench.

use crate::Outcome;
use crate::ground::Ground;
use crate::table::mib;
use crate::warm::Warm;

const BATCHES: usize = 10;
const BATCH: usize = 100;

#[expect(clippy::print_stdout, reason = "the table is what the benchmark is for")]
pub(crate) fn run(warm: &mut Warm, ground: &Ground) -> Outcome<()> {
    println!("resident memory in MiB after so many warm submissions\n");
    println!("{:>12}{:>14}{:>10}{:>10}", "submissions", "supervisor", "judge", "zygote");
    for batch in 1..=BATCHES {
        warm.run(&ground.take(batch * BATCH, BATCH))?;
        let now = warm.memory()?;
        let [supervisor, judge, zygote] = [now.supervisor, now.judge, now.zygote].map(|each| mib(each.now));
        println!("{:>12}{supervisor:>14.1}{judge:>10.1}{zygote:>10.1}", batch * BATCH);
    }
    Ok(())
}

//! `cargo bench --bench compare`: `grade` beside plain pytest on the same checks, in turn (`benches/README.md`).

mod arguments;
mod batch;
mod cold;
mod floor;
mod ground;
mod levels;
mod meter;
mod plain;
mod soak;
mod table;
mod tree;
mod warm;
mod watching;

use std::error::Error;

use arguments::Arguments;
use ground::Ground;
use meter::Meter;
use table::Table;

/// Whatever goes wrong ends the benchmark: a figure for wrong work is worth nothing.
type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let arguments = Arguments::read();
    if arguments.warm_worker {
        return warm::work(arguments.catalog, arguments.isolation);
    }
    let meter = Meter::new();
    // A batch is a class: one in five is wrong.
    let mix = if arguments.batch { arguments::Mix::Mixed } else { arguments.mix };
    let ground = Ground::prepare(mix)?;
    if arguments.batch {
        return batch::run(&ground, &meter, &arguments.sizes, arguments.at_once);
    }
    if arguments.levels {
        return levels::run(&ground, &meter, arguments.rounds, arguments.many);
    }
    let mut warm = warm::Warm::start(&ground)?;
    if arguments.soak {
        return soak::run(&mut warm, &ground, arguments.many);
    }
    compare(&arguments, &meter, &ground, &mut warm)
}

/// A B C D E, A B C D E, …: what happens on the machine meanwhile meets all of them.
fn compare(arguments: &Arguments, meter: &Meter, ground: &Ground, warm: &mut warm::Warm) -> Outcome<()> {
    let mut floor = floor::Floor::start(ground)?;
    let mut watching = watching::Watching::start(ground)?;
    let mut table = Table::new(ground, meter.name());
    for round in 0..=arguments.rounds {
        let few = ground.take(round * arguments.few, arguments.few);
        let many = ground.take(round * arguments.many, arguments.many);
        let row = [
            meter.measure(few.len(), || plain::run(ground, &few))?,
            meter.measure(few.len(), || cold::run(ground, &few))?,
            meter.measure(many.len(), || warm.run(&many))?,
            meter.measure(many.len(), || floor.run(&many))?,
            watching.run(meter, &few)?,
        ];
        // The first round warms everything up: bytecode, page cache.
        if round > 0 {
            table.add(row);
        }
    }
    table.memory(warm.memory()?, watching.memory()?);
    table.print(&warm.told);
    Ok(())
}

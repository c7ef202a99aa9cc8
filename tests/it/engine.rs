//! One submission from its files to its verdict, through the library: judge, sandbox and all.

use std::path::{Path, PathBuf};

use grade::catalog::Catalog;
use grade::environment::Silent;
use grade::events;
use grade::runner::Job;
use grade::submission::Submission;
use grade::workshop::{Order, Workshop};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

#[tokio::test(flavor = "current_thread")]
async fn try_samples() {
    let id = std::env::var("TRY_ID").unwrap_or("day4/decorators".to_owned());
    let rounds: usize = std::env::var("TRY_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(1);
    let cache = std::env::temp_dir().join("grade-try-cache");
    let order = Order {
        cache_dir: cache,
        catalogs: vec![root()],
        python: None,
        minimum: (3, 11),
        isolation: std::env::var_os("TRY_LIMITS").map(|_| grade::verdict::Level::Limits),
        seed: 7,
        interrupt: None,
    };
    let workshop = Workshop::open(order, &Silent).unwrap();
    let catalog = Catalog::load(&[root()]).unwrap();
    let exercise = catalog.find(&id).unwrap();
    let mut bench = workshop.bench_of(env!("CARGO_BIN_EXE_grade").as_ref());
    for round in 0..rounds {
        for sample in exercise.samples().unwrap() {
            if std::env::var("TRY_ONLY").is_ok_and(|only| only != sample.name) {
                continue;
            }
            let handed = Submission::read(&sample.dir, "", &exercise).unwrap();
            let job = Job {
                exercise: exercise.clone(),
                handed,
                folder: exercise.folder.clone(),
                learner: None,
                seed: 7 + round as u64,
            };
            let started = std::time::Instant::now();
            match bench.grade(&job, None, &events::Silent).await {
                Ok(verdict) => {
                    let mismatches = grade::verify::hold(&sample.expected, &verdict);
                    println!(
                        "{} {:?} {:?} {:?} {:?}",
                        sample.name,
                        started.elapsed(),
                        verdict.outcome,
                        verdict.usage,
                        mismatches
                    );
                    if std::env::var_os("TRY_SHOW").is_some() {
                        let style = grade::report::Style::default();
                        grade::report::human(&mut std::io::stdout(), &[verdict], &grade::report::NoSource, &style)
                            .unwrap();
                    }
                }
                Err(fault) => println!("{}: {fault:?}", sample.name),
            }
        }
    }
    bench.rest().await;
}

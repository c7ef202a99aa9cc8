use grade::environment::*;
#[test]
fn smoke() {
    let cache = tempfile::tempdir().unwrap();
    let start = std::time::Instant::now();
    let request = Request::new(None, (3, 11), cache.path());
    let found = discover(&request);
    println!("{:?} {found:#?}", start.elapsed());
    let found = found.unwrap();
    let start = std::time::Instant::now();
    discover(&request).unwrap();
    println!("again {:?}", start.elapsed());
    let lock = Requirements::new("the judge", include_bytes!("../../graders/requirements.txt"));
    let environments = Environments::new(cache.path());
    for _ in 0..2 {
        let start = std::time::Instant::now();
        let environment = environments.prepare(&found, &lock, &Silent);
        println!("{:?} {environment:#?}", start.elapsed());
    }
    println!("{:#?}", cache::list(cache.path()));
    println!("{:#?}", cache::clear(cache.path(), None));
    println!("{:#?}", cache::list(cache.path()));
}

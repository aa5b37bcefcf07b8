//! The same source gives the same output.

use singer_tap_tests::{Mock, Tap};

const REPOS: [&str; 3] = ["acme/widgets", "acme/gadgets", "acme/gizmos"];

/// The lines of a run, without the time at which each was read.
fn lines(mock: &Mock, concurrency: u32) -> Vec<String> {
    let run = Tap::of(mock, &REPOS).with("concurrency", concurrency).run().ends_with(0);
    run.text().lines().map(timeless).collect()
}

fn timeless(line: &str) -> String {
    const STAMP: &str = ",\"time_extracted\":\"";
    match line.split_once(STAMP) {
        Some((before, rest)) => {
            let after = rest.split_once('"').map_or("", |(_, after)| after);
            format!("{before}{after}")
        }
        None => line.to_owned(),
    }
}

#[test]
fn one_partition_at_a_time_gives_the_same_bytes_and_eight_the_same_records() {
    let start = |more: &str| {
        Mock::start(&format!(
            "--issues 120 --pulls 12 --commits 20 --stars 30 --seed 7 --still {more}"
        ))
    };
    // What is read in windows is covered up to the server's time, so that stands still. Whether bodies
    // are compressed is nothing that the output may show.
    let (one, two) = (start(""), start("--no-gzip"));
    let own = |mock: &Mock, lines: Vec<String>| -> Vec<String> {
        lines.into_iter().map(|line| line.replace(mock.authority(), "HOST")).collect()
    };
    let first = own(&one, lines(&one, 1));
    assert!(first == own(&two, lines(&two, 1)), "two runs of the same data differ");
    let records = |lines: Vec<String>| {
        let mut records: Vec<String> =
            lines.into_iter().filter(|line| line.starts_with("{\"type\":\"RECORD\"")).collect();
        records.sort_unstable();
        records
    };
    let first = records(first);
    assert!(first.len() > 500);
    assert!(first == records(own(&one, lines(&one, 8))), "records depend on concurrency");
}

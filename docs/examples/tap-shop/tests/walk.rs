//! The commands of the guide, against a server of its own.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use mock_api::{Options, Server};
use serde_json::Value;

/// Where the guide says that the shop is.
const GUIDE: &str = "127.0.0.1:8090";

/// Runs `walk.sh` in an empty folder.
fn walk() -> PathBuf {
    let options = Options::of("shop --token shop-key --orders 60 --date 2026-11-02");
    let server = Server::start(options).expect("the shop opens");
    let url = server.url();
    let here = |text: String| text.replace(GUIDE, url.trim_start_matches("http://"));

    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("walk");
    // Left by the last run, if there was one.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder for the walk");
    fs::write(folder.join("config.json"), here(read("config.json"))).expect("a file in it");

    let binaries = Path::new(env!("CARGO_BIN_EXE_tap-shop")).parent().expect("it is in a folder");
    let path = format!("{}:{}", binaries.display(), std::env::var("PATH").unwrap_or_default());
    let mut shell = Command::new("sh");
    shell.args(["-c", &here(read("walk.sh"))]).current_dir(&folder).env("PATH", path);
    let output = shell.output().expect("a shell");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    // The server's clock is another on purpose.
    let warned = |line: &str| line.contains("WARN") && !line.contains("[CLK01]");
    assert!(!errors.lines().any(warned), "{errors}");
    folder
}

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The ids of a stream's records in a file of messages.
fn ids(folder: &Path, file: &str, stream: &str) -> BTreeSet<u64> {
    let text = fs::read_to_string(folder.join(file)).expect("the walk wrote it");
    let messages = text.lines().map(|line| serde_json::from_str(line).expect("a message"));
    messages
        .filter(|message: &Value| message["type"] == "RECORD" && message["stream"] == stream)
        .map(|message| message["record"]["id"].as_u64().expect("a record has an id"))
        .collect()
}

#[test]
fn the_commands_of_the_guide_do_what_it_says() {
    let folder = walk();
    let (first, second) =
        (ids(&folder, "first.jsonl", "orders"), ids(&folder, "second.jsonl", "orders"));
    assert!(first.len() > 40, "{}", first.len());
    // The two that changed, and the one at the bookmark, which is read inclusively.
    assert_eq!(second.len(), 3);
    assert!(second.is_subset(&first));
    // Items are read for those three only.
    let items = ids(&folder, "second.jsonl", "order_items");
    assert_eq!(items.iter().map(|id| id / 100).collect::<BTreeSet<u64>>(), second);
    assert_eq!(ids(&folder, "first.jsonl", "products").len(), 40);
    assert_eq!(ids(&folder, "products.jsonl", "products").len(), 39);
    let products = fs::read_to_string(folder.join("products.jsonl")).expect("the walk wrote it");
    assert!(products.contains("ACTIVATE_VERSION"), "{products}");
    assert_eq!(ids(&folder, "despite.jsonl", "orders"), ids(&folder, "orders.jsonl", "orders"));
    let orders = fs::read_to_string(folder.join("orders.jsonl")).expect("the walk wrote it");
    assert!(!orders.contains("note") && !orders.contains("customers"), "{orders}");
}

#[test]
fn the_tap_has_less_than_a_hundred_lines() {
    assert!(read("src/main.rs").lines().count() < 100);
}

//! A host, sites and an account that cannot be asked: every check says so, and none is fine.

use crate::host::{Host, check, graded};

/// Checks of what the bot itself knows, and of what a person must look at.
const OWN: &[&str] = &["restore-test", "drill", "free-tier", "ssh-port", "ssl-labs"];

#[test]
#[ignore = "needs the box: tests/run brings it up"]
fn what_cannot_be_looked_at_is_unknown_in_every_checklist() {
    let host = Host::healthy();
    let config = std::fs::read_to_string(host.folder.path().join("bot.toml")).unwrap();
    let lines = config.lines().filter(|line| !line.starts_with("connect_to = {")).map(|line| {
        // A port on which nobody listens, and names that nobody resolves.
        if line.starts_with("address = ") { "address = \"127.0.0.1:9\"" } else { line }
    });
    host.write("bot.toml", &lines.collect::<Vec<_>>().join("\n"));
    host.edit("bot.toml", "secret_key = { file = ", "secret_key = { file = \"/nowhere/");
    host.edit("bot.toml", "/nowhere/\"", "/nowhere/");
    for name in ["daily", "weekly", "monthly", "backup", "security"] {
        let path = host.folder.path().join(format!("commands/{name}.toml"));
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(path, text.replace("gear-freaks.com\"", "gear-freaks.invalid\"")).unwrap();
    }
    for command in ["daily", "weekly", "monthly", "backup", "security", "monitoring"] {
        let (report, status) = host.check_command(command);
        assert_eq!(status, 3, "{command}: {report:#}");
        let ids = report["checks"].as_array().unwrap().iter().filter_map(|check| check["id"].as_str());
        let mut seen: Vec<_> = ids.filter(|id| !OWN.contains(id)).collect();
        // The bot has not watched for long: that is known, and no grade.
        seen.retain(|id| check(&report, id)["grade"] != "skipped" || command != "monitoring");
        let mut unknown = graded(&report, "unknown");
        unknown.retain(|id| !OWN.contains(id));
        assert_eq!(unknown, seen, "{command}: {report:#}");
        for id in unknown {
            assert!(!check(&report, id)["reason"].as_str().unwrap().is_empty(), "{command}: {id} says no reason");
        }
    }
}

#[test]
#[ignore = "needs the box: tests/run brings it up"]
fn more_objects_than_a_page_holds_are_all_read() {
    let host = Host::healthy();
    host.cloud("many-copies");
    let (report, _) = host.check_command("backup");
    assert_eq!(graded(&report, "pass").len(), 5, "{report:#}");
    assert!(check(&report, "copies")["evidence"]["output"].as_str().unwrap().contains("postgres_"));
}

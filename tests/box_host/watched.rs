//! What the bot watched between the runs: the monitoring review, and the forecast of the daily check.

use crate::host::{Host, check, graded};

/// Every hour of the last `days` days but those of `gap`, all the same.
fn steady(days: i64, values: [f64; 3], gap: std::ops::Range<i64>) -> impl Iterator<Item = (i64, [f64; 3])> {
    (1..days * 24).filter(move |ago| !gap.contains(ago)).map(move |ago| (ago, values))
}

/// A host that was watched for ten days, and was well.
fn watched(gap: std::ops::Range<i64>) -> Host {
    let host = Host::healthy();
    host.signoff(&["sample"]);
    for (vital, subject, values) in [
        ("host", "", [1.0, 1.0, 1.0]),
        ("site", "", [1.0, 1.0, 1.0]),
        ("response", "", [0.04, 0.02, 0.4]),
        ("cpu", "", [20.0, 5.0, 60.0]),
        ("memory", "", [50.0, 45.0, 60.0]),
        ("disk", "/var/lib/docker", [40.0, 40.0, 41.0]),
        ("connections", "", [12.0, 3.0, 40.0]),
        ("received", "", [1e5, 1e4, 1e6]),
        ("sent", "", [4e5, 1e4, 1e6]),
    ] {
        host.pretend_watched(vital, subject, steady(10, values, gap.clone()));
    }
    host
}

#[test]
#[ignore = "needs the box: tests/run brings it up"]
fn what_was_watched_is_reviewed() {
    let host = watched(0..0);
    let (well, _) = host.check_command("monitoring");
    assert_eq!(graded(&well, "pass").len(), 10, "{well:#}");
    assert_eq!(check(&well, "uptime")["value"], 100.0);

    // Two hours in which half of the samples found it down; busy hours, and one busy minute.
    for (vital, subject, values, id, grade) in [
        ("site", "", [0.5, 0.0, 1.0], "uptime", "fail"),
        ("response", "", [90.0, 1.0, 300.0], "response", "fail"),
        ("cpu", "", [60.0, 5.0, 92.0], "cpu", "warn"),
        ("memory", "", [50.0, 45.0, 91.0], "memory", "warn"),
        ("disk", "/var/lib/docker", [70.0, 40.0, 83.0], "disk", "fail"),
    ] {
        host.pretend_watched(vital, subject, [(30, values), (31, values)].into_iter());
        let (report, _) = host.check_command("monitoring");
        assert_eq!(check(&report, id)["grade"], grade, "{report:#}");
        host.pretend_watched(vital, subject, steady(10, [1.0, 1.0, 1.0], 0..0));
    }
}

#[test]
#[ignore = "needs the box: tests/run brings it up"]
fn a_gap_is_shown_as_a_gap_and_counts_for_nothing() {
    let host = watched(50..110);
    let (report, _) = host.check_command("monitoring");
    assert_eq!(graded(&report, "warn"), ["uptime"], "{report:#}");
    let uptime = check(&report, "uptime");
    assert_eq!(uptime["value"], 100.0, "{uptime:#}");
    assert!(uptime["reason"].as_str().unwrap().contains("share watched"), "{uptime:#}");
    assert!(uptime["evidence"]["output"].as_str().unwrap().contains("gap "), "{uptime:#}");
}

#[test]
#[ignore = "needs the box: tests/run brings it up"]
fn a_disk_that_fills_up_says_when_it_is_full() {
    let host = Host::healthy_without_cpu();
    host.signoff(&["sample"]);
    host.fill_disk_to(62);
    // Five per cent a day, and a prune of thirty in between; of this hour too, in which it was empty when the sample was taken.
    let share = |ago: i64| 62.0 - 5.0 / 24.0 * ago as f64 + if ago > 6 * 24 { 30.0 } else { 0.0 };
    let hours = (0..13 * 24).map(|ago| (ago, [share(ago), share(ago), share(ago)]));
    host.pretend_watched("disk", "/var/lib/docker", hours);
    let (report, _) = host.check();
    assert_eq!(graded(&report, "warn"), ["disk"], "{report:#}");
    let reason = check(&report, "disk")["reason"].as_str().unwrap();
    assert!(reason.contains("full in 7 d"), "{reason}");
}

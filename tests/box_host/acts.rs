//! Every shipped action, for real.

use signoff::domain::action::{Ended, Inventory, Step};

use crate::acting::{Acting, text};

fn parts(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part} is missing in:\n{text}");
    }
}

#[tokio::test]
#[ignore = "needs the box: tests/run brings it up"]
async fn a_restart_gives_the_service_a_new_start_and_health() {
    let acting = Acting::new().await;
    let started =
        || acting.host.root(&["docker", "inspect", "-f", "{{.Id}} {{.State.StartedAt}}", "gear_freak_serverpod"]);
    let before = started();
    let outcome = acting.act("restart", &[("service", "serverpod")]).await;
    assert_eq!(outcome.ended, Ended::Verified, "{}", text(&outcome));
    parts(&text(&outcome), &["gear_freak_serverpod is healthy"]);
    let after = started();
    assert_ne!(before, after);
    assert_eq!(before.split(' ').next(), after.split(' ').next(), "the same container");

    // What is not of this host cannot even be chosen, and nothing of it reaches a shell.
    for attack in ["serverpod; touch /tmp/box-attack", "$(touch /tmp/box-attack)", "../x", "nope", "-v", "a\nb"] {
        assert!(acting.outlook("restart", &[("service", attack)]).await.is_err(), "{attack}");
    }
    assert_eq!(acting.sh("ls /tmp/box-attack 2>/dev/null || true"), "");
}

#[tokio::test]
#[ignore = "needs the box: tests/run brings it up"]
async fn everything_goes_down_and_comes_up_healthy_and_what_is_down_is_brought_up() {
    let acting = Acting::new().await;
    let ids = || acting.sh("docker ps -q --no-trunc | sort");
    let before = ids();
    let outcome = acting.act("down-up", &[]).await;
    assert_eq!(outcome.ended, Ended::Verified, "{}", text(&outcome));
    assert_ne!(before, ids());

    acting.host.root(&["docker", "stop", "gear_freak_redis"]);
    let outcome = acting.act("up", &[]).await;
    assert_eq!(outcome.ended, Ended::Verified, "{}", text(&outcome));
    parts(&text(&outcome), &["gear_freak_redis is healthy"]);

    let outcome = acting.act("restart-all", &[]).await;
    assert_eq!(outcome.ended, Ended::Verified, "{}", text(&outcome));
}

#[tokio::test]
#[ignore = "needs the box: tests/run brings it up"]
async fn a_backup_is_made_and_proved_and_a_failed_one_is_told() {
    let acting = Acting::new().await;
    let outcome = acting.act("backup-now", &[]).await;
    assert_eq!(outcome.ended, Ended::Verified, "{}", text(&outcome));
    parts(&text(&outcome), &["Backup made: postgres_"]);

    let broken = "#!/bin/bash\ntrue | gzip >/opt/gear_freak/backups/postgres_$(date +%Y%m%d_%H%M%S).sql.gz\n";
    acting.sh(&format!("printf '%s' '{broken}' >/opt/gear_freak/backup.sh"));
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    let outcome = acting.act("backup-now", &[]).await;
    assert_eq!(outcome.ended, Ended::Failed, "{}", text(&outcome));
    parts(&text(&outcome), &["not whole"]);
}

#[tokio::test]
#[ignore = "needs the box: tests/run brings it up"]
async fn a_dump_is_restored_in_six_steps_with_its_rows_counted_and_the_old_database_kept() {
    let acting = Acting::new().await;
    let sql = |database: &str, sql: &str| acting.sql(database, sql);
    let newest = acting.newest_backup();
    // Three people came after the backup.
    sql(
        "gear_freak",
        "INSERT INTO \"user\" (email, nickname) SELECT 'new' || n, 'new' FROM generate_series(1, 3) AS n",
    );
    let outcome = acting.act("restore", &[("file", &newest)]).await;
    let said = text(&outcome);
    assert_eq!(outcome.ended, Ended::Verified, "{said}");
    parts(
        &said,
        &["1/6", "2/6", "Backup made", "3/6", &newest, "4/6", "5/6", "Rows of user: 2003 before → 2000 after"],
    );
    assert_eq!(sql("gear_freak", "SELECT count(*) FROM \"user\"").trim(), "2000");
    let old =
        sql("postgres", "SELECT datname FROM pg_database WHERE datname LIKE 'gear_freak_old_%'").trim().to_owned();
    assert_eq!(sql(&old, "SELECT count(*) FROM \"user\"").trim(), "2003", "nothing is lost");
    assert_eq!(sql("postgres", "SELECT count(*) FROM pg_database WHERE datname LIKE 'gear_freak_new_%'").trim(), "0");
    let (report, _) = acting.host.check();
    assert_eq!(crate::host::grade(&report, "api"), "pass", "{report:#}");
    sql("postgres", &format!("DROP DATABASE {old}"));
}

#[tokio::test]
#[ignore = "needs the box: tests/run brings it up"]
async fn a_dump_that_breaks_off_or_does_not_fit_leaves_the_live_database_alone() {
    let acting = Acting::new().await;
    let databases = || acting.databases();
    let before = databases();
    let started = acting.host.root(&["docker", "inspect", "-f", "{{.State.StartedAt}}", "gear_freak_serverpod"]);
    // Whole by its last words, and wrong in its middle: psql alone would have gone on and ended with 0.
    let wrong = "cd /opt/gear_freak/backups; n=$(ls | tail -1); { gunzip -c $n | sed 's/^COPY public.product /COPY public.no_such_table /'; } | gzip >postgres_20260101_030000.sql.gz; chown ec2-user: postgres_20260101_030000.sql.gz";
    acting.sh(wrong);
    let outcome = acting.act("restore", &[("file", "postgres_20260101_030000.sql.gz")]).await;
    assert_eq!(outcome.ended, Ended::Failed, "{}", text(&outcome));
    parts(&text(&outcome), &["could not be restored", "dropped"]);
    assert_eq!(databases(), before);

    // Cut off: it is not even begun.
    acting.sh("cd /opt/gear_freak/backups; n=$(ls | tail -1); gunzip -c $n | head -c 60000 | gzip >postgres_20260102_030000.sql.gz");
    let refused = acting.outlook("restore", &[("file", "postgres_20260102_030000.sql.gz")]).await.unwrap_err();
    assert!(refused.contains("not whole"), "{refused}");

    // A full disk: refused before anything, since room is looked for first.
    let newest = acting.newest_backup();
    acting
        .sh("fallocate -l $(($(df -B1 --output=avail /var/lib/docker | tail -1) - 60000000)) /var/lib/docker/box-fill");
    let outcome = acting.act("restore", &[("file", &newest)]).await;
    assert_eq!(outcome.ended, Ended::Failed, "{}", text(&outcome));
    parts(&text(&outcome), &["Not enough room"]);
    assert_eq!(databases(), before);
    let now = acting.host.root(&["docker", "inspect", "-f", "{{.State.StartedAt}}", "gear_freak_serverpod"]);
    assert_eq!(started, now, "serverpod was never stopped");
}

#[tokio::test]
#[ignore = "needs the box: tests/run brings it up"]
async fn a_disk_that_fills_during_a_restore_costs_nothing_but_the_attempt() {
    let acting = Acting::new().await;
    let newest = acting.newest_backup();
    // Between the look at the room and the load: the safety backup fills the disk.
    let fills = "sed -i '$a fallocate -l $(($(df -B1 --output=avail /var/lib/docker | tail -1) - 3000000)) /var/lib/docker/box-fill' /opt/gear_freak/backup.sh; chmod 777 /var/lib/docker; chmod 711 /var/lib/docker; sed -i 's,fallocate,sudo -n fallocate,' /opt/gear_freak/backup.sh";
    acting.sh(fills);
    let outcome = acting.act("restore", &[("file", &newest)]).await;
    acting.sh("rm -f /var/lib/docker/box-fill");
    let said = text(&outcome);
    assert_eq!(outcome.ended, Ended::Failed, "{said}");
    parts(&said, &["Backup made", "4/6"]);
    let healthy = acting.sql("gear_freak", "SELECT count(*) FROM \"user\"");
    assert_eq!(healthy.trim(), "2000", "{said}");
    let databases = acting.sql("postgres", "SELECT datname FROM pg_database");
    assert!(!databases.contains("gear_freak_new") && !databases.contains("gear_freak_old"), "{databases}\n{said}");
}

#[tokio::test]
#[ignore = "needs the box: tests/run brings it up"]
async fn a_restore_test_counts_drops_and_is_recorded_and_never_touches_the_live_database() {
    use signoff::domain::exercise::ExerciseKind;
    let acting = Acting::new().await;
    let databases = || acting.databases();
    let before = databases();
    // What an earlier one left behind goes as well.
    acting.host.root(&[
        "docker",
        "exec",
        "gear_freak_postgres",
        "createdb",
        "-U",
        "postgres",
        "signoff_test_20200101000000",
    ]);
    let outcome = acting.act("restore-test", &[]).await;
    assert_eq!(outcome.ended, Ended::Verified, "{}", text(&outcome));
    parts(&text(&outcome), &["Rows of user: 2000 restored · 2000 live", "dropped"]);
    assert_eq!(databases(), before);
    let exercises = acting.stage.store.exercises("gear-freak", ExerciseKind::RestoreTest).await.unwrap();
    assert!(exercises[0].passed, "{exercises:?}");

    acting.sh("cd /opt/gear_freak/backups; n=$(ls | tail -1); gunzip -c $n | head -c 60000 | gzip >x; cat x >$n; rm x");
    let outcome = acting.act("restore-test", &[]).await;
    assert_eq!(outcome.ended, Ended::Failed, "{}", text(&outcome));
    let exercises = acting.stage.store.exercises("gear-freak", ExerciseKind::RestoreTest).await.unwrap();
    assert!(!exercises[0].passed, "{exercises:?}");
    assert_eq!(databases(), before);
}

#[tokio::test]
#[ignore = "needs the box: tests/run brings it up"]
async fn old_backups_go_by_name_and_the_newest_three_whole_ones_stay_however_old() {
    let acting = Acting::new().await;
    let refused = acting.outlook("delete-backups", &[]).await.unwrap_err();
    assert!(refused.contains("No backup older"), "{refused}");
    // Everything is old; the newest is broken.
    let age = "cd /opt/gear_freak/backups; touch -d '20 days ago' *; n=$(ls | tail -1); true | gzip >$n; touch -d '20 days ago' $n";
    acting.sh(age);
    let all: Vec<_> = acting.host.root(&["ls", "/opt/gear_freak/backups"]).lines().map(str::to_owned).collect();
    let outlook = acting.outlook("delete-backups", &[]).await.unwrap();
    assert_eq!(outlook.goes.len(), all.len() - 3, "{outlook:?}");
    let outcome = acting.act("delete-backups", &[]).await;
    assert_eq!(outcome.ended, Ended::Verified, "{}", text(&outcome));
    let left: Vec<_> = acting.host.root(&["ls", "/opt/gear_freak/backups"]).lines().map(str::to_owned).collect();
    assert_eq!(left, all[all.len() - 4..all.len() - 1], "{}", text(&outcome));
}

#[tokio::test]
#[ignore = "needs the box: tests/run brings it up"]
async fn a_prune_frees_room_and_spares_the_project_and_the_way_back() {
    let acting = Acting::new().await;
    let refused = acting.outlook("prune-images", &[]).await.unwrap_err();
    assert!(refused.contains("No image"), "{refused}");
    let make = |name: &str, text: &str| {
        let script = format!(
            "mkdir -p /tmp/box-image && head -c 3000000 /dev/urandom >/tmp/box-image/f && echo {text} >/tmp/box-image/t && tar -C /tmp/box-image -c . | docker import - {name}"
        );
        acting.sh(&script).trim().to_owned()
    };
    let unused = make("box/unused:1", "unused");
    let way_back = make("box/before:1", "before");
    let running =
        acting.host.root(&["docker", "inspect", "-f", "{{.Image}}", "gear_freak_serverpod"]).trim().to_owned();
    let store = &acting.stage.store;
    let earlier = acting.stage.now - chrono::TimeDelta::days(1);
    store
        .saw_image("gear-freak", "serverpod", &way_back, "pyowonsik/gear-freak-server:latest", true, earlier)
        .await
        .unwrap();
    store
        .saw_image("gear-freak", "serverpod", &running, "pyowonsik/gear-freak-server:latest", true, acting.stage.now)
        .await
        .unwrap();
    // Stopped, and of the project all the same; stopped, and nobody's.
    acting.host.root(&["docker", "stop", "gear_freak_redis"]);
    acting.host.root(&["docker", "create", "--name", "box-left", "gear-freak/redis:7"]);

    let outcome = acting.act("prune-system", &[]).await;
    let said = text(&outcome);
    assert_eq!(outcome.ended, Ended::Verified, "{said}");
    parts(&said, &["box/unused:1", "freed"]);
    let images = acting.host.root(&["docker", "images", "--no-trunc", "-q"]);
    assert!(!images.contains(&unused) && images.contains(&way_back) && images.contains(&running), "{images}\n{said}");
    let containers = acting.host.root(&["docker", "ps", "-a", "--format", "{{.Names}}"]);
    assert!(containers.contains("gear_freak_redis") && !containers.contains("box-left"), "{containers}");
    acting.host.root(&["docker", "rmi", "box/before:1"]);
}

#[tokio::test]
#[ignore = "needs the box: tests/run brings it up"]
async fn a_rollback_goes_to_the_last_healthy_image_and_keeps_the_one_it_leaves() {
    let acting = Acting::new().await;
    let refused = acting.outlook("rollback", &[("service", "serverpod")]).await.unwrap_err();
    assert!(refused.contains("no image to go back to"), "{refused}");
    let name = "pyowonsik/gear-freak-server:latest";
    let good = acting.host.root(&["docker", "inspect", "-f", "{{.Image}}", "gear_freak_serverpod"]).trim().to_owned();
    signoff::act::record_images(&acting.stage).await.unwrap();
    // A deployment that is never healthy.
    let deploy = format!(
        "printf 'FROM {name}\\nENTRYPOINT [\"sleep\", \"1000\"]\\n' | docker build -q -t {name} - && cd /opt/gear_freak && sudo -u ec2-user docker-compose --ansi never up -d serverpod"
    );
    acting.sh(&deploy);
    let bad = acting.host.root(&["docker", "inspect", "-f", "{{.Image}}", "gear_freak_serverpod"]).trim().to_owned();
    assert_ne!(good, bad);

    let may = acting.outlook("rollback", &[("service", "serverpod")]).await;
    if may.is_err() {
        acting.host.root(&["docker", "tag", &good, name]);
        acting.sh("cd /opt/gear_freak && sudo -u ec2-user docker-compose --ansi never up -d");
    }
    may.unwrap();
    let outcome = acting.act("rollback", &[("service", "serverpod")]).await;
    let said = text(&outcome);
    assert_eq!(outcome.ended, Ended::Verified, "{said}");
    let now = acting.host.root(&["docker", "inspect", "-f", "{{.Image}}", "gear_freak_serverpod"]).trim().to_owned();
    assert_eq!(now, good);
    let kept = acting.host.root(&["docker", "images", "--format", "{{.Repository}} {{.ID}}"]);
    assert!(kept.contains("signoff/replaced"), "{kept}");
    acting.sh(
        "docker rmi -f $(docker images --format '{{.Repository}}:{{.Tag}}' | grep signoff/replaced) >/dev/null; true",
    );
}

#[tokio::test]
#[ignore = "needs the box: tests/run brings it up"]
async fn certificates_are_rehearsed_renewed_and_read_and_a_rehearsal_that_fails_stops_it() {
    let acting = Acting::new().await;
    // certbot's own word: the authority is not there.
    let outcome = acting.act("renew-test", &[]).await;
    assert_eq!(outcome.ended, Ended::Failed, "{}", text(&outcome));
    parts(&text(&outcome), &["The dry run failed", "as they were"]);
    let outcome = acting.act("renew", &[]).await;
    assert_eq!(outcome.ended, Ended::Failed, "{}", text(&outcome));

    // An authority that is there: everything but the issuing is certbot's.
    let stands_in = r#"#!/bin/bash
case "$*" in
  *--dry-run*) echo "Congratulations, all simulated renewals succeeded" ;;
  *--force-renewal*) for n in api insights app; do /usr/local/sbin/box-certificate $n.gear-freaks.com 90 --keep-serving; done ;;
  *) exec /usr/bin/certbot "$@" ;;
esac
"#;
    acting.sh(&format!("cat >/usr/local/bin/certbot <<'EOF'\n{stands_in}EOF\nchmod 755 /usr/local/bin/certbot"));
    let served = "echo | openssl s_client -connect 127.0.0.1:443 -servername api.gear-freaks.com 2>/dev/null | openssl x509 -noout -serial -enddate";
    let before = acting.sh(served);
    let plain = acting.act("renew", &[]).await;
    let forced = acting.act("renew-force", &[]).await;
    let after = acting.sh(served);
    acting.host.root(&["rm", "-f", "/usr/local/bin/certbot"]);
    assert_eq!(plain.ended, Ended::Verified, "{}", text(&plain));
    parts(&text(&plain), &["No certificate is due", "issued in the last 7 days"]);
    assert_eq!(forced.ended, Ended::Verified, "{}", text(&forced));
    parts(&text(&forced), &["renewing by force", "nginx has read"]);
    assert_ne!(before, after, "nginx serves the new one");
}

#[tokio::test]
#[ignore = "needs the box: tests/run brings it up"]
async fn the_journal_the_logs_and_the_system_are_looked_after() {
    let acting = Acting::new().await;
    let outcome = acting.act("vacuum-journal", &[]).await;
    assert_eq!(outcome.ended, Ended::Verified, "{}", text(&outcome));

    let old = "cd /var/log/nginx; echo x >'box old.log'; touch -d '40 days ago' 'box old.log'; echo x | gzip >box-older.log.gz; touch -d '100 days ago' box-older.log.gz";
    acting.sh(old);
    let outlook = acting.outlook("archive-logs", &[]).await.unwrap();
    assert_eq!(outlook.goes.len(), 2, "{outlook:?}");
    let outcome = acting.act("archive-logs", &[]).await;
    assert_eq!(outcome.ended, Ended::Verified, "{}", text(&outcome));
    let left = acting.sh("cd /var/log/nginx; ls box*; rm -f box*");
    assert_eq!(left.trim(), "box old.log.gz");

    let refused = acting.outlook("system-update", &[]).await.unwrap_err();
    assert!(refused.contains("nothing to update"), "{refused}");
    acting.host.root(&["box-updates", "1", "2"]);
    let outcome = acting.act("system-update", &[]).await;
    let installed = acting.host.root(&["rpm", "-q", "box-tool"]);
    acting.sh("rpm -U --oldpackage --nodeps /var/lib/box/rpm/box-tool-1-1.noarch.rpm 2>/dev/null; box-updates 1");
    assert_eq!(outcome.ended, Ended::Verified, "{}", text(&outcome));
    assert_eq!(installed.trim(), "box-tool-2-1.noarch");
    parts(&text(&outcome), &["Backup made", "No reboot is due"]);
}

#[tokio::test]
#[ignore = "needs the box: tests/run brings it up"]
async fn a_reboot_is_done_when_another_boot_answers_with_every_service_healthy() {
    let acting = Acting::new().await;
    let boot = || acting.host.root(&["cat", "/proc/sys/kernel/random/boot_id"]);
    let before = boot();
    let outcome = acting.act("reboot", &[]).await;
    assert_eq!(outcome.ended, Ended::Verified, "{}", text(&outcome));
    parts(&text(&outcome), &["with a new boot id", "All 3 services are healthy"]);
    assert_ne!(before, boot());
}

#[tokio::test]
#[ignore = "needs the box: tests/run brings it up"]
async fn an_alarm_is_put_and_a_baseline_approved() {
    let acting = Acting::new().await;
    // The account of the box has every alarm: one that should ring elsewhere is as good as missing.
    let wanted = |more: f64| {
        let mut action = acting.action("put-alarm");
        for step in &mut action.steps {
            if let Step::PutAlarm(put) = step {
                put.alarms.retain(|alarm| alarm.name == "gear-freak-5xx");
                for alarm in &mut put.alarms {
                    alarm.threshold += more;
                    alarm.tells = Some("arn:aws:sns:ap-northeast-2:1:ops".to_owned());
                }
            }
        }
        action
    };
    for action in [wanted(1.0), wanted(0.0)] {
        let missing = || signoff::act::offered(Inventory::Alarms, &action, &acting.stage);
        assert_eq!(missing().await.unwrap(), ["gear-freak-5xx"]);
        let outcome = acting.act_as(&action, &[("alarm", "gear-freak-5xx")]).await;
        assert_eq!(outcome.ended, Ended::Verified, "{}", text(&outcome));
        assert_eq!(missing().await.unwrap(), Vec::<String>::new());
    }

    let outcome = acting.act("approve-baseline", &[]).await;
    assert_eq!(outcome.ended, Ended::Verified, "{}", text(&outcome));
    let baseline = acting.stage.store.baseline("gear-freak", "security-group").await.unwrap().unwrap();
    assert_eq!(baseline.approved_by, "지민");
}

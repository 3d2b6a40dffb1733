//! The daily check, through the terminal and through Discord.

use std::fs::{self, File};
use std::process::Command;

use signoff_sandbox::PracticeDiscord;

use crate::deployment;
use crate::host::{Host, check, grade, graded, root};

#[test]
#[ignore = "needs the box: tests/run brings it up"]
fn all_twelve_pass_on_a_healthy_host() {
    let host = Host::healthy();
    let (report, status) = host.check_calmly();
    assert_eq!(status, 0, "{report:#}");
    assert_eq!(report["checks"].as_array().unwrap().len(), 12);
    assert_eq!(graded(&report, "pass").len(), 12, "{report:#}");
    for check in report["checks"].as_array().unwrap() {
        for key in ["id", "section", "title", "grade", "threshold", "reason"] {
            assert!(check[key].is_string(), "{key} of {check:#}");
        }
        assert!(!check["value"].is_null(), "{check:#}");
        assert!(!check["evidence"]["what"].as_str().unwrap().is_empty());
        assert!(check["evidence"]["elapsed_ms"].is_u64());
    }
}

#[test]
#[ignore = "needs the box: tests/run brings it up"]
fn a_stopped_container_is_named_with_its_state_and_exit_code() {
    let host = Host::healthy_without_cpu();
    host.root(&["docker", "stop", "gear_freak_redis"]);
    let (report, status) = host.check();
    assert_eq!(status, 2);
    assert_eq!(graded(&report, "fail"), ["redis"], "{report:#}");
    let redis = check(&report, "redis");
    let reason = redis["reason"].as_str().unwrap();
    for part in ["gear_freak_redis", "exited", "exit code 0"] {
        assert!(reason.to_lowercase().contains(part), "{part} is missing in: {reason}");
    }
}

#[test]
#[ignore = "needs the box: tests/run brings it up"]
fn a_paused_container_fails() {
    let host = Host::healthy_without_cpu();
    host.root(&["docker", "pause", "gear_freak_redis"]);
    let (report, status) = host.check();
    assert_eq!(status, 2);
    assert_eq!(graded(&report, "fail"), ["redis"], "{report:#}");
    assert!(check(&report, "redis")["reason"].as_str().unwrap().contains("paused"));
}

#[test]
#[ignore = "needs the box: tests/run brings it up"]
fn a_container_that_is_gone_is_missing() {
    let host = Host::healthy_without_cpu();
    host.edit("commands/daily.toml", "service = \"redis\"", "service = \"rabbitmq\"");
    let (report, status) = host.check();
    assert_eq!((status, graded(&report, "fail")), (2, vec!["redis"]), "{report:#}");
}

#[test]
#[ignore = "needs the box: tests/run brings it up"]
fn a_disk_threshold_below_todays_use_fails() {
    let host = Host::healthy_without_cpu();
    host.edit(
        "commands/daily.toml",
        r#"{ measure = "used",    warn = ">= 70 %", fail = ">= 80 %" }"#,
        r#"{ measure = "used", fail = ">= 1 %" }"#,
    );
    let (report, status) = host.check();
    assert_eq!((status, graded(&report, "fail")), (2, vec!["disk"]), "{report:#}");
    let disk = check(&report, "disk");
    assert_eq!((disk["unit"].as_str(), disk["threshold"].as_str()), (Some("%"), Some("< 1 %")));
}

#[test]
#[ignore = "needs the box: tests/run brings it up"]
fn what_serverpod_logs_is_judged() {
    let host = Host::healthy_without_cpu();
    let log = |line: &str| host.root(&["docker", "exec", "gear_freak_serverpod", "log-line", line]);
    log("INFO finished with 0 errors, error=null");
    let (report, _) = host.check();
    assert_eq!(graded(&report, "fail"), Vec::<&str>::new(), "{report:#}");

    log("FATAL out of memory while serving request 4711");
    for number in ["12", "13", "14"] {
        log(&format!("ERROR order {number} could not be saved: duplicate key"));
    }
    log("ERROR Failed to connect to database: connection refused");
    let (report, _) = host.check();
    assert_eq!(graded(&report, "fail"), ["critical", "repeated", "database"], "{report:#}");
    let output = |id: &str| check(&report, id)["evidence"]["output"].as_str().unwrap().to_owned();
    assert!(output("critical").contains("request 4711"));
    assert!(output("repeated").contains("could not be saved"));
    assert!(output("database").contains("connection refused"));
}

#[test]
#[ignore = "needs the box: tests/run brings it up"]
fn a_line_of_ten_megabytes_and_bytes_that_are_no_text_hide_nothing() {
    let host = Host::healthy_without_cpu();
    let long = "(head -c 10000000 /dev/zero | tr '\\0' x; echo) | docker exec -i gear_freak_serverpod log-line";
    host.root(&["sh", "-c", long]);
    host.root(&[
        "sh",
        "-c",
        "printf 'FATAL \\377\\376 @everyone ```\\n' | docker exec -i gear_freak_serverpod log-line",
    ]);
    let (report, status) = host.check();
    assert_eq!((status, graded(&report, "fail")), (2, vec!["critical"]), "{report:#}");
    assert!(check(&report, "critical")["evidence"]["output"].as_str().unwrap().contains("@everyone"));
}

#[test]
#[ignore = "needs the box: tests/run brings it up"]
fn a_restart_that_nobody_asked_for_is_a_warning_once() {
    let host = Host::healthy_without_cpu();
    host.check();
    host.root(&["sh", "-c", "kill -9 $(docker inspect -f '{{.State.Pid}}' gear_freak_redis)"]);
    let healthy =
        "until [ \"$(docker inspect -f '{{.State.Health.Status}}' gear_freak_redis)\" = healthy ]; do sleep 0.3; done";
    host.root(&["timeout", "40", "sh", "-c", healthy]);
    let (report, _) = host.check();
    assert_eq!(graded(&report, "warn"), ["redis"], "{report:#}");
    let (report, _) = host.check();
    assert_eq!(graded(&report, "warn"), Vec::<&str>::new(), "{report:#}");
}

#[test]
#[ignore = "needs the box: tests/run brings it up"]
fn a_site_whose_upstream_is_down_fails_and_one_with_a_wrong_authority_too() {
    let host = Host::healthy_without_cpu();
    host.root(&["docker", "stop", "gear_freak_serverpod"]);
    let (report, status) = host.check();
    assert_eq!(status, 2);
    assert_eq!(graded(&report, "fail"), ["api", "insights", "web", "serverpod"], "{report:#}");

    // Without the box's own authority no site is trusted, and the reason says so.
    host.edit("bot.toml", "ca_file", "# ca_file");
    let (report, _) = host.check();
    assert!(check(&report, "web")["reason"].as_str().unwrap().contains("certificate"), "{report:#}");
    assert_eq!(grade(&report, "web"), "fail");
}

#[test]
#[ignore = "needs the box: tests/run brings it up"]
fn a_forbidden_docker_socket_is_unknown_with_what_to_do() {
    let host = Host::healthy_without_cpu();
    host.root(&["gpasswd", "-d", "ec2-user", "docker"]);
    let (report, status) = host.check();
    host.root(&["gpasswd", "-a", "ec2-user", "docker"]);
    assert_eq!(status, 3, "{report:#}");
    assert_eq!(graded(&report, "unknown"), ["serverpod", "postgres", "redis", "critical", "repeated", "database"]);
    assert_eq!(graded(&report, "pass"), ["api", "insights", "web", "memory", "disk"]);
    let reason = check(&report, "redis")["reason"].as_str().unwrap().to_owned();
    assert!(reason.contains("/var/run/docker.sock"), "{reason}");
    let hint = check(&report, "redis")["evidence"]["notes"][0].as_str().unwrap().to_owned();
    assert!(hint.contains("usermod -aG docker ec2-user"), "{hint}");
}

#[test]
#[ignore = "needs the box: tests/run brings it up"]
fn a_host_out_of_reach_or_with_another_key_is_unknown_and_the_sites_are_judged_all_the_same() {
    let host = Host::healthy_without_cpu();
    let config = fs::read_to_string(host.folder.path().join("bot.toml")).unwrap();
    let key = config.split("SHA256:").nth(1).unwrap().split('"').next().unwrap();
    let port = config.split("address = \"127.0.0.1:").nth(1).unwrap().split('"').next().unwrap();
    for (from, to, part) in [
        (format!("address = \"127.0.0.1:{port}\""), "address = \"127.0.0.1:1\"".to_owned(), "127.0.0.1:1"),
        (key.to_owned(), "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned(), "AAAA"),
        ("user = \"ec2-user\"".to_owned(), "user = \"nobody\"".to_owned(), "nobody"),
        ("id_ed25519".to_owned(), "id_missing".to_owned(), "id_missing"),
    ] {
        host.write("bot.toml", &config.replace(&from, &to));
        let (report, status) = host.check();
        assert_eq!(status, 3, "{to}: {report:#}");
        assert_eq!(graded(&report, "pass"), ["api", "insights", "web"], "{to}: {report:#}");
        let reason = check(&report, "disk")["reason"].as_str().unwrap().to_owned();
        assert!(reason.contains(part), "{to}: {reason}");
    }
}

#[tokio::test]
#[ignore = "needs the box: tests/run brings it up"]
async fn the_channel_sees_the_stopped_container() {
    let host = Host::healthy_without_cpu();
    host.root(&["docker", "stop", "gear_freak_redis"]);
    let discord = PracticeDiscord::start().await.unwrap();
    let commands = host.folder.path().join("commands");
    let config = deployment::of_box(&root(), host.folder.path(), &commands, Some(&discord)).unwrap();
    host.write("bot.toml", &config);
    let log = File::create(host.folder.path().join("log")).unwrap();
    let mut bot = Command::new(env!("CARGO_BIN_EXE_signoff"))
        .args(["run", "--config"])
        .arg(host.folder.path().join("bot.toml"))
        .env("DISCORD_TOKEN", discord.token())
        .stderr(log)
        .spawn()
        .unwrap();
    discord.wait_for_command("daily").await.unwrap();

    let jimin = discord.as_user("지민").in_channel("운영");
    let asked = jimin.slash("daily", &[]).await.unwrap();
    let report = asked.wait_for(|message| message.buttons().contains(&"다시 점검".to_owned())).await.unwrap();
    let text = report.text();
    for part in
        ["일일 체크 · Gear Freak 운영 서버", "서비스 상태", "컨테이너 상태", "로그 에러", "리소스 사용량", "exited"]
    {
        assert!(text.contains(part), "{part} is missing in:\n{text}");
    }
    let details = jimin.click(&report, "자세히").await.unwrap().message().await.unwrap();
    let redis = jimin.select(&details, "check:1", &["redis"]).await.unwrap().message().await.unwrap();
    assert!(redis.text().contains("gear") && redis.text().contains("종료 코드 0"), "{}", redis.text());

    let told = Command::new("kill").args(["-TERM", &bot.id().to_string()]).status().unwrap();
    assert!(told.success() && bot.wait().unwrap().success());
    discord.assert_clean().await;
}

//! More than one host: side by side in one message, by tag, with thresholds, a rota and a schedule of their own; and what
//! changes a host is done on one alone.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt;

use signoff_sandbox::Message;

use crate::bot::{Bot, SMALL, is_report};
use crate::duty::{BEFORE_NINE, CHANNEL, DUTY, NINE, is_reminder, settled};
use crate::gated::RESTART;
use crate::sshd::Sshd;

/// `/daily` on every host reads `calm`, and on a host that is reached by SSH `there`.
fn by_host() -> String {
    let read = "if [ -n \\\"$SSH_CONNECTION\\\" ]; then cat FOLDER/there; else cat FOLDER/calm; fi";
    SMALL.replace("cat FOLDER/calm", read)
}

fn add(bot: &Bot, more: &str) {
    let config = fs::read_to_string(bot.path("bot.toml")).unwrap();
    bot.write("bot.toml", format!("{config}\n{more}"));
}

/// A host of its own, `there`, which is the bot's own machine as well.
const THERE: &str = r#"
    [hosts.there]
    title = { ko = "저기", en = "There" }
    transport = "local"
    tags = ["web"]
"#;

async fn two(more: &str) -> Bot {
    let bot = Bot::prepare(&[("daily", SMALL)]).await;
    bot.write("calm", "12\n");
    add(&bot, &format!("{THERE}\n{more}"));
    bot.started().await
}

/// The end of several hosts side by side.
fn is_matrix(message: &Message) -> bool {
    is_report(message) && !message.buttons().iter().any(|button| button == "자세히")
}

/// Chooses a host below several.
async fn chosen(bot: &Bot, matrix: &Message, host: &str) -> Message {
    let select = "호스트를 골라 자세히 보기";
    bot.seat("지민").select(matrix, select, &[host]).await.unwrap().message().await.unwrap()
}

#[tokio::test]
async fn all_hosts_stand_side_by_side_and_each_has_a_run_of_its_own() {
    let Some(sshd) = Sshd::start(&[]) else { return };
    let bot = Bot::prepare(&[("daily", &by_host())]).await;
    bot.write("calm", "12\n");
    bot.write("there", "95\n");
    let there = format!(
        "[hosts.there]\ntitle = {{ ko = \"저기\", en = \"There\" }}\ntransport = \"ssh\"\naddress = \"127.0.0.1:{}\"\n\
         user = \"{}\"\nkey = {{ file = \"{}\" }}\nhost_key = \"{}\"\n",
        sshd.port(),
        crate::sshd::user(),
        sshd.key().display(),
        sshd.fingerprint("host_ed25519")
    );
    add(&bot, &there);
    let bot = bot.started().await;
    let asked = bot.seat("지민").slash("daily", &[("host", "all")]).await.unwrap();
    let matrix = asked.wait_for(is_matrix).await.unwrap();
    let text = matrix.text();
    for part in [
        "일일 체크 · 호스트 2개",
        "1️⃣ ✅ **여기** · ✅ 정상 2 · #",
        "2️⃣ ❌ **저기** · ❌ 이상 1 · ✅ 정상 1 · #",
        "1️⃣2️⃣",
        "✅❌ **잔잔함**",
        "✅✅ 기다림",
    ] {
        assert!(text.contains(part), "{part} is missing in:\n{text}");
    }
    assert_eq!(matrix.buttons(), ["다시 점검"]);
    assert_eq!(bot.runs(), 2, "one on each host");
    let one = chosen(&bot, &matrix, "저기").await;
    assert!(one.is_ephemeral() && one.text().contains("일일 체크 · 저기"), "{}", one.text());
    assert!(one.text().contains("95"), "its own run is kept: {}", one.text());
    assert!(chosen(&bot, &matrix, "여기").await.text().contains("12"));

    let again = bot.seat("현우").click(&matrix, "다시 점검").await.unwrap().wait_for(is_matrix).await.unwrap();
    assert!(again.text().contains("호스트 2개"), "{}", again.text());
    assert_eq!(bot.runs(), 4);
    bot.finish().await;
}

#[tokio::test]
async fn a_tag_means_the_hosts_that_have_it() {
    let bot = two("").await;
    let asked = bot.seat("지민").slash("daily", &[("host", "tag:web")]).await.unwrap();
    let matrix = asked.wait_for(is_matrix).await.unwrap();
    assert!(matrix.text().contains("저기") && !matrix.text().contains("여기"), "{}", matrix.text());
    let daily = bot.discord.wait_for_command("daily").await.unwrap();
    let choices = daily.json["options"][0]["choices"].as_array().unwrap();
    let named = |language: &str| {
        let of = |choice: &serde_json::Value| match language {
            "en" => choice["name"].clone(),
            language => choice["name_localizations"][language].clone(),
        };
        choices.iter().map(|choice| of(choice).as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(named("ko"), ["모든 호스트", "web 호스트 모두", "여기", "저기"]);
    assert_eq!(named("en"), ["Every host", "Every host tagged web", "Here", "There"]);
    bot.finish().await;
}

#[tokio::test]
async fn a_host_may_have_thresholds_of_its_own() {
    let bot = two("[hosts.there.rules.daily.calm]\nnumber = { warn = \">= 10\" }\n").await;
    let asked = bot.seat("지민").slash("daily", &[("host", "all")]).await.unwrap();
    let matrix = asked.wait_for(is_matrix).await.unwrap();
    assert!(matrix.text().contains("✅⚠️ **잔잔함**"), "{}", matrix.text());
    let there = chosen(&bot, &matrix, "저기").await;
    assert!(there.text().contains("< 10"), "the threshold that it was held to: {}", there.text());
    // What is not said stays: 80 is a failure there as well.
    bot.write("calm", "80\n");
    let report = bot.seat("지민").slash("daily", &[("host", "there")]).await.unwrap();
    let report = report.wait_for(is_report).await.unwrap();
    assert!(report.text().contains("❌ **잔잔함**"), "{}", report.text());
    bot.finish().await;
}

#[tokio::test]
async fn a_threshold_for_a_check_that_is_not_there_is_told_with_its_line() {
    let bot = Bot::prepare(&[("daily", SMALL)]).await;
    add(
        &bot,
        "[hosts.there]\ntransport = \"local\"\n[hosts.there.rules.daily]\ncalmm = { number = { warn = \">= 1\" } }\n\
               calm = { nummer = { warn = \">= 1\" }, number = { warn = \">= 1 GB\" }, exit = { fail = \">= 1\", warn = \">= 2\" } }\n\
               [hosts.there.rules.dayly.calm]\nnumber = { warn = \">= 1\" }\n",
    );
    let out = std::process::Command::new(env!("CARGO_BIN_EXE_signoff"))
        .args(["validate", "--config"])
        .arg(bot.path("bot.toml"))
        .env("LANG", "en_US.UTF-8")
        .output()
        .unwrap();
    assert!(!out.status.success());
    let told = String::from_utf8_lossy(&out.stderr).into_owned();
    let config = fs::read_to_string(bot.path("bot.toml")).unwrap();
    let line = |what: &str| 1 + config.lines().position(|line| line.contains(what)).unwrap();
    for (what, near) in [("calmm", "calm"), ("nummer", "number"), (">= 1 GB", "number"), ("dayly", "daily")] {
        let place = format!("bot.toml:{}:", line(what));
        let found = told.lines().any(|told| told.contains(&place)) && told.contains(near);
        assert!(found, "{what} at {place} is missing in:\n{told}");
    }
    assert!(told.contains("did you mean"), "{told}");
}

#[tokio::test]
async fn killed_in_the_middle_the_message_says_so_of_every_host() {
    let mut bot = two("").await;
    bot.write("wait", "");
    let asked = bot.seat("지민").slash("daily", &[("host", "all")]).await.unwrap();
    let message = asked.wait_for(|message| message.text().contains("1/2")).await.unwrap();
    bot.kill();
    fs::remove_file(bot.path("wait")).unwrap();
    bot.start();
    bot.ready().await;
    let ended = |found: &Message| found.id() == message.id() && found.text().matches("점검 중단됨").count() == 2;
    let found = bot.discord.channel(CHANNEL).wait_for(ended).await.unwrap();
    assert!(found.text().contains("❔ **여기**") && found.text().contains("❔ **저기**"), "{}", found.text());
    let again = bot.seat("지민").click(&found, "다시 점검").await.unwrap().wait_for(is_matrix).await.unwrap();
    assert!(again.text().contains("✅✅ 잔잔함"), "{}", again.text());
    bot.finish().await;
}

#[tokio::test]
async fn many_hosts_keep_to_the_limits_and_nothing_bad_is_left_out() {
    let bot = Bot::prepare(&[("daily", SMALL)]).await;
    bot.write("calm", "12\n");
    let mut more = String::new();
    for host in 0..40 {
        let _ = writeln!(more, "[hosts.web-{host:02}]\ntransport = \"local\"\ntags = [\"web\"]");
    }
    // The last of them is worse than the others.
    more.push_str("[hosts.web-39.rules.daily.calm]\nnumber = { fail = \">= 5\", warn = \"never\" }\n");
    add(&bot, &more);
    let bot = bot.started().await;
    let daily = bot.discord.wait_for_command("daily").await.unwrap();
    assert_eq!(daily.json["options"][0]["autocomplete"], true, "more than a choice can hold");
    let offered = bot.seat("지민").autocomplete("daily", &[("host", "web-3")]).await.unwrap();
    assert_eq!(offered.len(), 10, "web-30 to web-39");
    let asked = bot.seat("지민").slash("daily", &[("host", "tag:web")]).await.unwrap();
    let matrix = asked.patient(std::time::Duration::from_secs(60)).wait_for(is_matrix).await.unwrap();
    let text = matrix.text();
    for part in ["호스트 40개", "❌ **web-39**", "그 밖의 호스트 30개 · ✅ 정상 30", "전체 표는 첨부 파일에"]
    {
        assert!(text.contains(part), "{part} is missing in:\n{text}");
    }
    let file = matrix.files().into_iter().next().expect("the whole table");
    let table = String::from_utf8(file.bytes).unwrap();
    assert!((0..40).all(|host| table.contains(&format!("web-{host:02}"))), "{table}");
    assert!(table.contains("❌ 12"), "{table}");
    bot.finish().await;
}

#[tokio::test]
async fn what_changes_a_host_is_done_on_one_that_was_chosen() {
    let bot = Bot::prepare(&[("daily", SMALL), ("restart", RESTART)]).await;
    bot.write("calm", "12\n");
    bot.write("act", "#!/bin/sh\nexit 0\n");
    fs::set_permissions(bot.path("act"), fs::Permissions::from_mode(0o755)).unwrap();
    let mut more = THERE.to_owned();
    for host in 0..25 {
        let _ = writeln!(more, "[hosts.web-{host:02}]\ntransport = \"local\"");
    }
    add(&bot, &more);
    let bot = bot.started().await;
    let restart = bot.discord.wait_for_command("restart").await.unwrap();
    let options = restart.json["options"].as_array().unwrap();
    let host = options.iter().find(|option| option["name"] == "host").unwrap();
    assert_eq!(host["required"], true, "nobody means the first one by saying nothing");
    // Whoever types may type anything.
    for many in ["all", "tag:web"] {
        let told = bot.seat("지민").slash("restart", &[("service", "serverpod"), ("host", many)]).await.unwrap();
        let told = told.message().await.unwrap();
        assert!(told.is_ephemeral() && told.text().contains("그런 호스트가 없습니다"), "{}", told.text());
    }
    let told = bot.seat("지민").slash("restart", &[("service", "serverpod"), ("host", "there")]).await.unwrap();
    told.modal().await.unwrap();
    bot.finish().await;
}

#[tokio::test]
async fn each_host_is_due_for_itself_and_may_have_a_rota_and_a_schedule_of_its_own() {
    let duty = DUTY.replace(
        "channel = \"1000000000000000101\"\n    overdue",
        "channel = \"1000000000000000101\"\n    host = \"all\"\n    overdue",
    );
    assert_ne!(duty, DUTY);
    let more = format!(
        "{duty}\n{THERE}\n[hosts.there.rota.daily]\norder = [\"hyunwoo\"]\n\
         [hosts.late]\ntitle = {{ ko = \"늦음\", en = \"Late\" }}\ntransport = \"local\"\n\
         [hosts.late.schedule.daily]\ncron = \"0 10 * * *\"\nchannel = \"1000000000000000101\"\n"
    );
    let bot = Bot::prepare_at(BEFORE_NINE, &[("daily", &crate::duty::signed())], &more).await;
    bot.write("calm", "12\n");
    let bot = bot.started().await;
    bot.until_logged("what is due is kept in mind").await;
    bot.it_is(NINE);
    let of = |host: &'static str| move |message: &Message| is_reminder(message) && message.text().contains(host);
    let channel = || bot.discord.channel(CHANNEL);
    let here = channel().wait_for(of("일일 체크 · 여기")).await.unwrap();
    let there = channel().wait_for(of("일일 체크 · 저기")).await.unwrap();
    assert_eq!((here.pings().users, there.pings().users), (vec!["지민".to_owned()], vec!["현우".to_owned()]));
    assert_eq!(settled(&bot).await.len(), 2, "the third has another hour");
    let asked = async |command: &str, options: &[(&str, &str)]| {
        let answer = bot.seat("지민").slash(command, options).await.unwrap().message().await.unwrap();
        answer.text()
    };
    let rota = asked("rota", &[]).await;
    assert!(rota.contains("일일 체크 · 저기"), "{rota}");
    // Of one host: whose it is there, and when it is due there.
    let at_ten = format!("<t:{}:f>", 1_796_259_600);
    let due = async |host: &str| asked("rota", &[("host", host)]).await;
    let (there, late) = (due("there").await, due("late").await);
    assert!(there.contains("일일 체크 · 저기") && !there.contains("지민") && !there.contains("늦음"), "{there}");
    assert!(late.contains("일일 체크 · 늦음") && late.contains("지민") && late.contains(&at_ten), "{late}");
    assert!(!there.contains(&at_ten), "{there}");
    // A month, side by side; the button to another month means the same hosts.
    let all = [("checklist", "daily"), ("host", "all")];
    let history = bot.seat("지민").slash("history", &all).await.unwrap().message().await.unwrap();
    for host in ["여기", "저기", "늦음"] {
        assert!(history.text().contains(host), "{host} is missing in:\n{}", history.text());
    }
    let before = bot.seat("지민").click(&history, &history.buttons()[0]).await.unwrap();
    before.first_answer().await.unwrap();
    assert!(history.reload().text().contains("저기"), "{}", history.reload().text());
    let tagged = bot.seat("지민").slash("report", &[("host", "tag:web")]).await.unwrap().message().await.unwrap();
    let form = tagged.files()[0].text();
    assert!(form.contains("저기") && !form.contains("여기"), "{form}");
    let whole = bot.seat("지민").slash("report", &[("host", "all")]).await.unwrap().message().await.unwrap();
    assert!(whole.files()[0].text().contains("여기"), "{}", whole.files()[0].text());
    bot.it_is("2026-12-03T01:00:01Z");
    let late = channel().wait_for(of("일일 체크 · 늦음")).await.unwrap();
    assert_eq!(late.pings().users, ["지민"], "the rota of all");
    bot.finish().await;
}

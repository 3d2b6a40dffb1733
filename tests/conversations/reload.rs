//! `/reload`: new files are taken while the bot runs, by whom `bot.toml` names; wrong ones are told line by line, and the old
//! ones stay.

use std::fs;
use std::process::Command;

use crate::bot::{Bot, SMALL, is_report};

const PUT: &str = "PUT /applications/*/guilds/*/commands";

/// A bot whose files the devops may have read anew.
async fn reloadable() -> Bot {
    let bot = Bot::prepare(&[("daily", SMALL)]).await;
    bot.write("calm", "12\n");
    let config = fs::read_to_string(bot.path("bot.toml")).unwrap();
    bot.write("bot.toml", format!("{config}\n[may_run]\nreload = [\"devops\"]\n"));
    bot.started().await
}

fn exported(bot: &Bot) -> String {
    let out = Command::new(env!("CARGO_BIN_EXE_signoff"))
        .args(["audit", "export", "--config"])
        .arg(bot.path("bot.toml"))
        .output()
        .unwrap();
    String::from_utf8(out.stdout).unwrap()
}

#[tokio::test]
async fn new_files_are_taken_and_what_was_asked_before_still_works() {
    let bot = reloadable().await;
    let report = bot.seat("지민").slash("daily", &[]).await.unwrap().wait_for(is_report).await.unwrap();
    bot.write_command("nightly", &SMALL.replace("일일체크", "야간체크"));
    let told = bot.seat("현우").slash("reload", &[]).await.unwrap();
    let told = told.wait_for(|message| message.text().contains("새 설정을 적용합니다")).await.unwrap();
    assert!(told.is_ephemeral());
    assert!(told.text().contains("commands/nightly.toml 추가"), "{}", told.text());
    bot.discord.wait_for_command("nightly").await.unwrap();
    assert_eq!(bot.discord.count(PUT), 2, "registered anew, since something changed");
    let nightly = bot.seat("지민").slash("nightly", &[]).await.unwrap();
    nightly.wait_for(is_report).await.unwrap();
    // A message of before: its buttons go on.
    let details = bot.seat("지민").click(&report, "자세히").await.unwrap();
    assert!(details.message().await.unwrap().is_ephemeral());
    let record = exported(&bot);
    let reload = record.lines().find(|line| line.contains("\"subject\":\"reload\"")).expect("it is on record");
    let hyunwoo = bot.discord.user_id("현우").unwrap().to_string();
    assert!(reload.contains(&format!("discord:{hyunwoo}")) && reload.contains("\"outcome\":\"taken\""), "{reload}");
    assert!(record.contains("\"commands/nightly.toml\":\"new "), "what it holds is on record as well: {record}");
    bot.finish().await;
}

#[tokio::test]
async fn while_new_files_wait_for_a_run_people_are_answered() {
    let bot = reloadable().await;
    bot.write("wait", "");
    let asked = bot.seat("지민").slash("daily", &[]).await.unwrap();
    asked.wait_for(|message| message.text().contains("1/2")).await.unwrap();
    bot.write_command("nightly", &SMALL.replace("일일체크", "야간체크"));
    let told = bot.seat("현우").slash("reload", &[]).await.unwrap();
    told.wait_for(|message| message.text().contains("점검이 끝난 뒤에")).await.unwrap();
    let help = bot.seat("지민").slash("help", &[]).await.unwrap();
    help.wait_for(|message| message.text().contains("일일체크")).await.unwrap();
    let again = bot.seat("현우").slash("reload", &[]).await.unwrap();
    again.wait_for(|message| message.text().contains("이미 다른 설정으로 바꾸는 중")).await.unwrap();
    assert!(!bot.log().contains("going on with the new configuration"));

    fs::remove_file(bot.path("wait")).unwrap();
    asked.wait_for(is_report).await.unwrap();
    bot.discord.wait_for_command("nightly").await.unwrap();
    bot.seat("지민").slash("nightly", &[]).await.unwrap().wait_for(is_report).await.unwrap();
    bot.finish().await;
}

#[tokio::test]
async fn the_same_database_under_another_path_is_no_other_bots() {
    let bot = reloadable().await;
    let config = fs::read_to_string(bot.path("bot.toml")).unwrap();
    bot.write("bot.toml", format!("database = \"commands/../signoff.db\"\n{config}"));
    let told = bot.seat("현우").slash("reload", &[]).await.unwrap();
    told.wait_for(|message| message.text().contains("새 설정을 적용합니다")).await.unwrap();
    bot.until_logged("going on with the new configuration").await;
    bot.ready().await;
    bot.seat("지민").slash("daily", &[]).await.unwrap().wait_for(is_report).await.unwrap();
    bot.finish().await;
}

#[tokio::test]
async fn with_no_file_changed_nothing_is_begun_anew() {
    let bot = reloadable().await;
    for _ in 0..2 {
        let told = bot.seat("현우").slash("reload", &[]).await.unwrap();
        told.wait_for(|message| message.text().contains("바뀐 파일이 없어")).await.unwrap();
    }
    assert_eq!((bot.discord.count(PUT), bot.discord.identifies()), (1, 1), "Discord gives so many sessions a day");
    bot.finish().await;
}

#[tokio::test]
async fn wrong_files_are_told_line_by_line_to_one_person_and_the_old_ones_stay() {
    let bot = reloadable().await;
    let config = fs::read_to_string(bot.path("bot.toml")).unwrap();
    let wrong = config.replace("transport = \"local\"", "transport = \"local\"\ndiscs = [\"/\"]\nsite = \"nowhere\"");
    bot.write("bot.toml", &wrong);
    bot.write_command("nightly", &SMALL.replace("\"checklist\"", "\"checklits\""));
    let told = bot.seat("현우").slash("reload", &[]).await.unwrap();
    let told = told.wait_for(|message| message.text().contains("적용하지 않았습니다")).await.unwrap();
    assert!(told.is_ephemeral());
    let line = |what: &str| 1 + wrong.lines().position(|line| line.contains(what)).unwrap();
    let text = told.text();
    for part in [
        "문제가 3건".to_owned(),
        format!("bot.toml:{}:", line("nowhere")),
        format!("bot.toml:{}:", line("discs")),
        "commands/nightly.toml:3:".to_owned(),
        "disks".to_owned(),
    ] {
        assert!(text.contains(&part), "{part} is missing in:\n{text}");
    }
    assert!(!text.contains(&*bot.folder.path().to_string_lossy()), "where the files are: {text}");
    bot.seat("지민").slash("daily", &[]).await.unwrap().wait_for(is_report).await.unwrap();
    bot.write("bot.toml", &config);
    fs::remove_file(bot.path("commands/nightly.toml")).unwrap();
    let record = exported(&bot);
    assert!(record.contains("\"outcome\":\"wrong\"") && record.contains("\"problems\":\"3\""), "{record}");
    bot.finish_with(&["the old one stays"]).await;
}

#[tokio::test]
async fn files_with_which_the_bot_could_not_serve_are_not_taken_either() {
    let bot = reloadable().await;
    let config = fs::read_to_string(bot.path("bot.toml")).unwrap();
    bot.write("bot.toml", config.replace("DISCORD_TOKEN", "NO_SUCH_TOKEN"));
    let told = bot.seat("현우").slash("reload", &[]).await.unwrap();
    let told = told.wait_for(|message| message.text().contains("적용하지 않았습니다")).await.unwrap();
    assert!(told.text().contains("NO_SUCH_TOKEN"), "{}", told.text());
    bot.seat("지민").slash("daily", &[]).await.unwrap().wait_for(is_report).await.unwrap();
    bot.finish_with(&["the old one stays"]).await;
}

#[tokio::test]
async fn who_is_not_named_may_not_and_that_is_on_record() {
    let bot = reloadable().await;
    let told = bot.seat("지민").slash("reload", &[]).await.unwrap().message().await.unwrap();
    assert!(told.is_ephemeral() && told.text().contains("권한이 없습니다"), "{}", told.text());
    assert!(told.text().contains("devops"), "{}", told.text());
    bot.until_logged("refused").await;
    assert!(exported(&bot).contains("\"deed\":\"refusal\""));
    bot.finish().await;
}

#[tokio::test]
async fn where_nobody_is_named_there_is_no_such_command() {
    let bot = Bot::small().await;
    assert!(!bot.discord.commands().iter().any(|command| command.name == "reload"));
    bot.finish().await;
}

#[tokio::test]
async fn a_wrong_file_on_a_signal_is_told_in_the_log_channel() {
    let bot = Bot::prepare(&[("daily", SMALL)]).await;
    bot.write("calm", "12\n");
    let config = fs::read_to_string(bot.path("bot.toml")).unwrap();
    bot.write("bot.toml", format!("{config}\n[log]\nchannel = \"1000000000000000102\"\n"));
    let bot = bot.started().await;
    bot.write("bot.toml", "hosts = 1");
    bot.signal("-HUP");
    let told =
        bot.discord.channel("signoff-log").wait_for(|message| message.text().contains("적용하지 않았습니다")).await;
    assert!(told.unwrap().pings().is_nobody());
    bot.finish_with(&["the old one stays"]).await;
}

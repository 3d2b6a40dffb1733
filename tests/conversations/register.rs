//! A file in `commands/` is a slash command; nothing is registered that is there already.

use crate::bot::{Bot, SMALL};

const PUT: &str = "PUT /applications/*/guilds/*/commands";

#[tokio::test]
async fn a_new_file_is_a_new_slash_command_in_both_languages() {
    let mut bot = Bot::small().await;
    assert_eq!(bot.discord.count(PUT), 1);
    let daily = bot.discord.wait_for_command("daily").await.unwrap();
    assert_eq!(daily.json["description"], "A check for tests");
    assert_eq!(daily.json["name_localizations"]["ko"], "일일체크");

    bot.stop().await;
    bot.start();
    bot.ready().await;
    bot.stop().await;
    assert_eq!(bot.discord.count(PUT), 1, "nothing had changed");

    bot.write_command("nightly", &SMALL.replace("일일체크", "야간체크"));
    bot.start();
    bot.discord.wait_for_command("nightly").await.unwrap();
    assert_eq!(bot.discord.count(PUT), 2);
    let report = bot.seat("지민").slash("nightly", &[]).await.unwrap();
    report.message().await.unwrap();
    bot.finish().await;
}

#[tokio::test]
async fn every_command_that_is_there_without_a_file_is_known_as_such() {
    let duty = crate::duty::DUTY;
    let bot =
        Bot::prepare_at(crate::duty::BEFORE_NINE, &[("daily", SMALL), ("restart", crate::gated::RESTART)], duty).await;
    let config = std::fs::read_to_string(bot.path("bot.toml")).unwrap();
    bot.write("bot.toml", format!("{config}\n[may_run]\nreload = [\"devops\"]\n"));
    let bot = bot.started().await;
    let files = ["daily", "restart"];
    let names: Vec<_> = bot.discord.commands().into_iter().map(|command| command.name).collect();
    for name in names.iter().filter(|name| !files.contains(&name.as_str())) {
        assert!(signoff::domain::help::BUILT_IN.contains(&name.as_str()), "a file could be called {name}");
    }
    assert!(names.len() > 12, "{names:?}");
    bot.finish().await;
}

#[tokio::test]
async fn with_two_hosts_one_is_chosen() {
    let bot = Bot::prepare(&[("daily", SMALL)]).await;
    bot.write("calm", "1");
    let config = std::fs::read_to_string(bot.path("bot.toml")).unwrap();
    bot.write(
        "bot.toml",
        format!("{config}\n[hosts.there]\ntitle = {{ ko = \"저기\", en = \"There\" }}\ntransport = \"local\"\n"),
    );
    let bot = bot.started().await;
    let asked = bot.seat("지민").slash("daily", &[("host", "there")]).await.unwrap();
    let report = asked.wait_for(crate::bot::is_report).await.unwrap();
    assert!(report.text().contains("일일 체크 · 저기"), "{}", report.text());
    bot.finish().await;
}

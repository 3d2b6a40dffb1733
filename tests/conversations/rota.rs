//! Whose turn it is: seen, handed over at its hour, and arranged by command.

use signoff_sandbox::Message;

use crate::bot::Bot;
use crate::duty::{CHANNEL, NINE, before_nine, is_reminder, next};

async fn asked(bot: &Bot, who: &str, command: &str, options: &[(&str, &str)]) -> String {
    let answer = bot.seat(who).slash(command, options).await.unwrap().message().await.unwrap();
    answer.text()
}

#[tokio::test]
async fn a_turn_is_handed_over_at_its_hour() {
    let bot = before_nine().await;
    bot.it_is("2026-12-02T23:59:00Z");
    let before = asked(&bot, "지민", "당번표", &[]).await;
    bot.it_is("2026-12-03T00:00:30Z");
    let after = asked(&bot, "지민", "당번표", &[("checklist", "daily")]).await;
    let on = |text: &str| text.lines().find(|line| line.contains("지금")).unwrap().to_owned();
    assert!(on(&before).contains("현우") || on(&before).contains("1000000000000000202"), "{before}");
    assert!(on(&after).contains("지민") || on(&after).contains("1000000000000000201"), "{after}");
    // Four weeks, a day a line.
    assert!(after.contains("12/03") && after.contains("12/30") && !after.contains("12/31"), "{after}");
    let guest = asked(&bot, "손님", "rota", &[]).await;
    assert!(guest.contains("권한이 없습니다"), "{guest}");
    bot.until_refused("손님", &["arrange"]).await;
    bot.finish().await;
}

#[tokio::test]
async fn who_is_assigned_is_reminded_in_place_of_the_rotas() {
    let bot = before_nine().await;
    let said = asked(
        &bot,
        "지민",
        "담당지정",
        &[("checklist", "daily"), ("person", "현우"), ("from", "12/3"), ("to", "12/4")],
    )
    .await;
    assert!(said.contains("담당 지정") && said.contains("2026-12-03 ~ 2026-12-04"), "{said}");
    let told = bot.discord.channel(CHANNEL).wait_for(|message| message.pings().users == ["현우"]).await.unwrap();
    bot.it_is(NINE);
    let reminder = bot.discord.channel(CHANNEL).wait_for(is_reminder).await.unwrap();
    assert_eq!(reminder.pings().users, ["현우"]);
    assert_ne!(told.id(), reminder.id());

    // What stands in the channel goes along.
    asked(&bot, "현우", "assign", &[("checklist", "daily"), ("person", "지민")]).await;
    bot.discord
        .channel(CHANNEL)
        .wait_for(|message| message.id() == reminder.id() && message.text() != reminder.text())
        .await
        .unwrap();
    for (options, expected) in [
        ([("from", "13/45"), ("to", "12/4")], "날짜를 알 수 없습니다: 13/45"),
        ([("from", "2026-12-09"), ("to", "2026-12-01")], "기간이 올바르지 않습니다"),
    ] {
        let options = [&[("checklist", "daily"), ("person", "현우")], &options[..]].concat();
        let refused = asked(&bot, "지민", "assign", &options).await;
        assert!(refused.contains(expected), "{refused}");
    }
    let guest = asked(&bot, "지민", "assign", &[("checklist", "daily"), ("person", "손님")]).await;
    assert!(guest.contains("담당 권한이 없습니다"), "{guest}");
    bot.finish().await;
}

#[tokio::test]
async fn two_who_swap_have_each_others_days() {
    let bot = before_nine().await;
    bot.it_is("2026-12-02T23:00:00Z");
    // Hyunwoo's next turn is today's, until nine; Jimin's is tomorrow's.
    let said =
        asked(&bot, "지민", "당번교환", &[("checklist", "daily"), ("with", "현우"), ("day", "12/3"), ("for", "12/4")])
            .await;
    assert!(said.contains("당번 교환") && said.contains("2026-12-03"), "{said}");
    let told = bot.discord.channel(CHANNEL).wait_for(|message| message.pings().users == ["현우"]).await.unwrap();
    bot.it_is(NINE);
    let third = bot.discord.channel(CHANNEL).wait_for(is_reminder).await.unwrap();
    assert_eq!(third.pings().users, ["현우"]);
    bot.it_is("2026-12-04T00:00:01Z");
    let fourth = next(&bot, CHANNEL, &[&told, &third]).await;
    assert_eq!(fourth.pings().users, ["지민"]);
    let nothing =
        asked(&bot, "지민", "swap", &[("checklist", "daily"), ("with", "현우"), ("day", "12/5"), ("for", "12/5")])
            .await;
    assert!(nothing.contains("차례를 찾지 못했습니다") || nothing.contains("당번 교환"), "{nothing}");
    let own = asked(&bot, "지민", "swap", &[("checklist", "daily"), ("with", "지민")]).await;
    assert!(own.contains("자기 자신과는"), "{own}");
    bot.finish().await;
}

#[tokio::test]
async fn who_is_away_is_passed_over_until_they_are_back() {
    let bot = before_nine().await;
    let said = asked(&bot, "지민", "부재", &[("from", "12/3"), ("to", "12/5")]).await;
    assert!(said.contains("부재") && said.contains("2026-12-03 ~ 2026-12-05"), "{said}");
    let shown = asked(&bot, "현우", "당번표", &[("checklist", "daily")]).await;
    assert!(shown.contains("부재)"), "{shown}");
    bot.it_is(NINE);
    let reminder = bot.discord.channel(CHANNEL).wait_for(is_reminder).await.unwrap();
    assert_eq!(reminder.pings().users, ["현우"]);
    let back = asked(&bot, "지민", "away", &[("from", "12/5"), ("back", "true")]).await;
    assert!(back.contains("부재 취소"), "{back}");
    let twice = asked(&bot, "지민", "away", &[("from", "12/5"), ("back", "true")]).await;
    assert!(twice.contains("기록된 부재가 없습니다"), "{twice}");
    bot.it_is("2026-12-05T00:00:01Z");
    let fifth = |message: &Message| is_reminder(message) && message.pings().users == ["지민"];
    bot.discord.channel(CHANNEL).wait_for(fifth).await.unwrap();
    bot.finish().await;
}

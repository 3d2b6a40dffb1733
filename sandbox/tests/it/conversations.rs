use std::time::Duration;

use serde_json::json;
use signoff_sandbox::{AnswerKind, ChatError, PracticeDiscord};

use super::support::{bot, daily, text};

/// A row with these buttons, labelled and with a `custom_id`.
fn row(buttons: &[(&str, &str, bool)]) -> serde_json::Value {
    let button = |(label, id, disabled): &(&str, &str, bool)| json!({"type": 2, "style": 2, "label": label, "custom_id": id, "disabled": disabled});
    json!({"type": 1, "components": buttons.iter().map(button).collect::<Vec<_>>()})
}

#[tokio::test]
async fn a_command_is_answered_filled_in_and_its_button_pressed() {
    let discord = PracticeDiscord::start().await.unwrap();
    let (client, mut gateway) = bot(&discord).await;
    let jimin = discord.as_user("지민").in_channel("운영");

    let asked = jimin.slash("daily", &[("host", "production")]).await.unwrap();
    let event = gateway.event("INTERACTION_CREATE").await;
    assert_eq!(event["data"]["options"][0]["value"], "production");
    assert_eq!((&event["locale"], &event["guild_locale"]), (&json!("ko"), &json!("ko")));
    assert_eq!(event["member"]["roles"], json!(["1000000000000000011"]));
    assert_eq!(client.answer(&event, &json!({"type": 5})).await.status, 204);
    let first = asked.first_answer().await.unwrap();
    assert_eq!(first.kind, AnswerKind::Thinking);
    assert!(first.after < Duration::from_secs(3));

    let report = json!({
        "content": "hello <@1000000000000000201>",
        "embeds": [{"title": "일일 점검", "fields": [{"name": "Redis", "value": "healthy"}]}],
        "components": [row(&[("자세히", "details:1", false), ("다시 실행", "again:1", true)])],
        "allowed_mentions": {"parse": []},
    });
    let edited = client.patch(&client.hook(&event, "/messages/@original"), &report).await;
    assert_eq!(edited.status, 200, "{}", edited.json);

    let message = asked.message().await.unwrap();
    assert_eq!(message.text(), "hello @지민\n일일 점검\nRedis\nhealthy\n[자세히] [다시 실행 (disabled)]",);
    assert!(message.pings().is_nobody());
    assert_eq!(message.buttons(), ["자세히"]);
    assert_eq!(message.history().len(), 2);

    let pressed = jimin.click(&message, "자세히").await.unwrap();
    let press = gateway.event("INTERACTION_CREATE").await;
    assert_eq!(press["data"], json!({"custom_id": "details:1", "component_type": 2, "id": 2}));
    assert_eq!(text(&press["message"]["id"]), message.id().to_string());
    client.answer(&press, &json!({"type": 4, "data": {"content": "redis_version:7", "flags": 64}})).await;
    let details = pressed.message().await.unwrap();
    assert!(details.is_ephemeral());

    let seen = |who: &str| discord.channel("운영").messages_for(who).len();
    assert_eq!((seen("지민"), seen("현우")), (2, 1));
    let listed = client.get("/channels/1000000000000000101/messages").await;
    assert_eq!(listed.json.as_array().unwrap().len(), 1, "ephemeral messages are not listed");
    discord.assert_clean().await;
}

#[tokio::test]
async fn what_is_not_there_cannot_be_used_and_the_error_says_what_is() {
    let discord = PracticeDiscord::start().await.unwrap();
    let (client, _gateway) = bot(&discord).await;
    let jimin = discord.as_user("지민").in_channel("운영");
    let sent = client
        .post(
            super::support::TEAM,
            &json!({"content": "x", "components": [row(&[("예", "yes", false), ("아니요", "no", true)])]}),
        )
        .await;
    assert_eq!(sent.status, 200);
    let message = discord.channel("운영").last_message().unwrap();

    let error = jimin.slash("weekly", &[]).await.unwrap_err();
    assert!(error.to_string().contains("/daily"), "{error}");
    let error = jimin.slash("daily", &[("hots", "x")]).await.unwrap_err();
    assert!(error.to_string().contains("host, who"), "{error}");
    let error = jimin.click(&message, "자세히").await.unwrap_err();
    assert!(error.to_string().contains("[예] (yes)"), "{error}");
    assert!(matches!(jimin.click(&message, "아니요").await.unwrap_err(), ChatError::Unusable { .. }));
    assert!(matches!(discord.as_user("민수").in_channel("운영").say("x").await, Err(ChatError::NoSuchPerson { .. })));
    assert!(matches!(jimin.slash("daily", &[("who", "아무개")]).await, Err(ChatError::BadOption { .. })));

    discord.delete_message(&message).unwrap();
    assert!(matches!(jimin.click(&message, "예").await.unwrap_err(), ChatError::NotVisible { .. }));
}

#[tokio::test]
async fn commands_are_found_in_the_persons_language_and_hidden_where_permissions_say() {
    let discord = PracticeDiscord::start().await.unwrap();
    let (client, mut gateway) = bot(&discord).await;
    let korean = discord.as_user("지민").in_channel("운영").slash("일일점검", &[("who", "Alex")]).await.unwrap();
    let event = gateway.event("INTERACTION_CREATE").await;
    assert_eq!(event["data"]["name"], "daily");
    let alex = discord.user_id("Alex").unwrap().to_string();
    assert_eq!(event["data"]["options"][0]["value"], alex.as_str());
    assert_eq!(event["data"]["resolved"]["users"][&alex]["global_name"], "Alex");
    korean.expect_no_answer();
    assert!(discord.as_user("Alex").in_channel("운영").slash("일일점검", &[]).await.is_err());

    let mut hidden = daily();
    hidden["default_member_permissions"] = json!("0");
    client.register(&json!([hidden])).await;
    assert!(discord.as_user("지민").in_channel("운영").slash("daily", &[]).await.is_err());
    assert!(discord.as_user("방장").in_channel("운영").slash("daily", &[]).await.is_ok());
}

#[tokio::test]
async fn a_modal_is_opened_filled_in_and_answered() {
    let discord = PracticeDiscord::start().await.unwrap();
    let (client, mut gateway) = bot(&discord).await;
    let jimin = discord.as_user("지민").in_channel("운영");
    let asked = jimin.slash("daily", &[]).await.unwrap();
    let event = gateway.event("INTERACTION_CREATE").await;
    let input = |id: &str, label: &str, more: serde_json::Value| {
        let mut input = json!({"type": 4, "custom_id": id, "style": 2, "label": label, "max_length": 10});
        for (key, value) in more.as_object().unwrap() {
            input[key] = value.clone();
        }
        json!({"type": 1, "components": [input]})
    };
    let modal = json!({"type": 9, "data": {"custom_id": "sign:1", "title": "서명", "components": [
        input("memo", "메모", json!({})), input("next", "계획", json!({"required": false, "value": "없음"})),
    ]}});
    assert_eq!(client.answer(&event, &modal).await.status, 204);

    let modal = asked.modal().await.unwrap();
    assert_eq!((modal.title(), modal.labels()), ("서명", vec!["메모".to_owned(), "계획".to_owned()]));
    assert!(jimin.submit_modal(&modal, &[]).await.is_err(), "a required input is empty");
    assert!(jimin.submit_modal(&modal, &[("메모", "열 자보다 훨씬 긴 글은 안 됨")]).await.is_err());
    let submitted = jimin.submit_modal(&modal, &[("메모", "이상 없음")]).await.unwrap();
    let event = gateway.event("INTERACTION_CREATE").await;
    assert_eq!(event["type"], 5);
    let value = |row: usize| &event["data"]["components"][row]["components"][0]["value"];
    assert_eq!((value(0), value(1)), (&json!("이상 없음"), &json!("없음")));

    client.answer(&event, &json!({"type": 4, "data": {"content": "signed"}})).await;
    let signed = submitted.message().await.unwrap();
    let triggered_by = &signed.json()["interaction_metadata"]["triggering_interaction_metadata"];
    assert_eq!(text(&triggered_by["id"]), asked.id().to_string(), "serenity cannot read the message without it");
    discord.assert_clean().await;
}

#[tokio::test]
async fn selects_and_completion() {
    let discord = PracticeDiscord::start().await.unwrap();
    let (client, mut gateway) = bot(&discord).await;
    let jimin = discord.as_user("지민").in_channel("운영");
    let option = |name: &str| json!({"label": name, "value": name.to_lowercase()});
    let components = json!([
        {"type": 1, "components": [{"type": 3, "custom_id": "pick", "options": [option("One"), option("Two")], "max_values": 2}]},
        {"type": 1, "components": [{"type": 5, "custom_id": "person"}]},
    ]);
    let sent = client.post(super::support::TEAM, &json!({"content": "choose", "components": components})).await;
    assert_eq!(sent.status, 200, "{}", sent.json);
    let message = discord.channel("운영").last_message().unwrap();

    let picked = jimin.select(&message, "pick", &["Two", "one"]).await.unwrap();
    assert_eq!(gateway.event("INTERACTION_CREATE").await["data"]["values"], json!(["two", "one"]));
    let person = jimin.select(&message, "person", &["현우"]).await.unwrap();
    let event = gateway.event("INTERACTION_CREATE").await;
    let hyunwoo = discord.user_id("현우").unwrap().to_string();
    assert_eq!(event["data"]["values"], json!([hyunwoo]));
    assert_eq!(event["data"]["resolved"]["members"][&hyunwoo]["roles"], json!(["1000000000000000012"]));
    assert!(jimin.select(&message, "pick", &["Three"]).await.is_err());
    picked.expect_no_answer();
    person.expect_no_answer();

    let typing = tokio::spawn({
        let jimin = jimin.clone();
        async move { jimin.autocomplete("daily", &[("host", "pro")]).await }
    });
    let event = gateway.event("INTERACTION_CREATE").await;
    assert_eq!(event["data"]["options"][0], json!({"type": 3, "name": "host", "value": "pro", "focused": true}));
    client.answer(&event, &json!({"type": 8, "data": {"choices": [{"name": "production", "value": "prod-1"}]}})).await;
    let choices = typing.await.unwrap().unwrap();
    assert_eq!((choices[0].name.as_str(), &choices[0].value), ("production", &json!("prod-1")));
    discord.assert_clean().await;
}

#[tokio::test]
async fn a_failed_wait_shows_the_channel_and_an_open_interaction_is_unclean() {
    let discord = PracticeDiscord::builder().patience(Duration::from_millis(50)).start().await.unwrap();
    let (_client, _gateway) = bot(&discord).await;
    let jimin = discord.as_user("지민").in_channel("운영");
    jimin.say("누구 있나요").await.unwrap();
    let asked = jimin.slash("daily", &[]).await.unwrap();
    let error = asked.first_answer().await.unwrap_err().to_string();
    assert!(error.contains("/daily") && error.contains("누구 있나요") && error.contains("PUT"), "{error}");
    discord.clock().advance(Duration::from_secs(4));
    let left = discord.check_clean().await.unwrap_err();
    assert_eq!(left.unanswered, ["/daily of 지민"]);
}

#[tokio::test]
async fn an_answer_that_is_never_filled_in_is_unclean() {
    let discord = PracticeDiscord::start().await.unwrap();
    let (client, mut gateway) = bot(&discord).await;
    let jimin = discord.as_user("지민").in_channel("운영").patient(Duration::from_millis(50));
    let asked = jimin.slash("daily", &[]).await.unwrap();
    let event = gateway.event("INTERACTION_CREATE").await;
    client.answer(&event, &json!({"type": 5})).await;
    assert!(asked.message().await.unwrap_err().to_string().contains("is thinking"));
    assert_eq!(discord.check_clean().await.unwrap_err().unanswered, ["/daily of 지민 (still thinking)"]);
    client.patch(&client.hook(&event, "/messages/@original"), &json!({"content": "done"})).await;
    discord.assert_clean().await;
}

#[tokio::test]
async fn a_forged_press_and_one_of_somebody_who_left() {
    let discord = PracticeDiscord::start().await.unwrap();
    let (client, mut gateway) = bot(&discord).await;
    client.post(super::support::TEAM, &json!({"content": "x"})).await;
    let message = discord.channel("운영").last_message().unwrap();
    discord.remove_member("현우").unwrap();
    let hyunwoo = discord.as_user("현우").in_channel("운영");
    assert!(hyunwoo.say("x").await.is_err());
    let forged = hyunwoo.forge_click(&message, "approve:1", |event| event["guild_id"] = json!("5")).await.unwrap();
    let event = gateway.event("INTERACTION_CREATE").await;
    assert_eq!((&event["guild_id"], &event["data"]["custom_id"]), (&json!("5"), &json!("approve:1")));
    assert_eq!(event["member"]["roles"], json!([]));
    client.answer(&event, &json!({"type": 4, "data": {"content": "no", "flags": 64}})).await;
    assert!(forged.message().await.unwrap().is_ephemeral());
}

#[tokio::test]
async fn direct_messages_have_no_guild() {
    let discord = PracticeDiscord::start().await.unwrap();
    let client = super::support::Client::new(&discord);
    client.post(&format!("/applications/{}/commands", client.app), &daily()).await;
    let mut gateway = super::support::Gateway::login(&discord).await;
    let alone = discord.as_user("Alex").in_direct_messages();
    alone.slash("daily", &[]).await.unwrap().expect_no_answer();
    let event = gateway.event("INTERACTION_CREATE").await;
    assert!(event.get("guild_id").is_none() && event.get("member").is_none());
    assert_eq!((&event["user"]["global_name"], &event["context"]), (&json!("Alex"), &json!(1)));
    let channel = text(&event["channel_id"]);
    let sent = client.post(&format!("/channels/{channel}/messages"), &json!({"content": "only you"})).await;
    assert_eq!(sent.status, 200, "{}", sent.json);
    assert_eq!(alone.messages().unwrap()[0].text(), "only you");
}

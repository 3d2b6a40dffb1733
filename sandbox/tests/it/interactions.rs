use std::time::Duration;

use serde_json::json;
use signoff_sandbox::PracticeDiscord;

use super::support::{bot, text};

#[tokio::test]
async fn a_second_first_answer_is_refused() {
    let discord = PracticeDiscord::start().await.unwrap();
    let (client, mut gateway) = bot(&discord).await;
    discord.as_user("지민").in_channel("운영").slash("daily", &[]).await.unwrap();
    let event = gateway.event("INTERACTION_CREATE").await;
    assert_eq!(client.answer(&event, &json!({"type": 4, "data": {"content": "x"}})).await.status, 204);
    assert_eq!(client.answer(&event, &json!({"type": 5})).await.code(), (400, 40060));
    discord.assert_clean().await;
}

#[tokio::test]
async fn an_answer_after_three_seconds_comes_too_late() {
    let discord = PracticeDiscord::start().await.unwrap();
    let (client, mut gateway) = bot(&discord).await;
    discord.as_user("지민").in_channel("운영").slash("daily", &[]).await.unwrap().expect_no_answer();
    let event = gateway.event("INTERACTION_CREATE").await;
    discord.clock().advance(Duration::from_millis(3100));
    let late = client.answer(&event, &json!({"type": 4, "data": {"content": "late"}})).await;
    assert_eq!(late.code(), (404, 10062));
    assert_eq!(late.json["message"], "Unknown interaction");
    assert!(discord.channel("운영").messages().is_empty());
    let strange = json!({"id": "1", "token": "nobody"});
    assert_eq!(client.answer(&strange, &json!({"type": 5})).await.code(), (404, 10062));
}

#[tokio::test]
async fn the_token_lives_fifteen_minutes() {
    let discord = PracticeDiscord::start().await.unwrap();
    let (client, mut gateway) = bot(&discord).await;
    discord.as_user("지민").in_channel("운영").slash("daily", &[]).await.unwrap();
    let event = gateway.event("INTERACTION_CREATE").await;
    let original = client.hook(&event, "/messages/@original");
    assert_eq!(client.get(&original).await.code(), (404, 10015), "no answer, no message");
    client.answer(&event, &json!({"type": 4, "data": {"content": "one"}})).await;
    discord.clock().advance(Duration::from_secs(14 * 60));
    assert_eq!(client.patch(&original, &json!({"content": "two"})).await.status, 200);
    discord.clock().advance(Duration::from_secs(61));
    assert_eq!(client.patch(&original, &json!({"content": "three"})).await.code(), (401, 50027));
    assert_eq!(client.post(&client.hook(&event, ""), &json!({"content": "four"})).await.code(), (401, 50027));
    let message = discord.channel("운영").last_message().unwrap();
    assert_eq!(message.text(), "two");
    let by_channel = format!("/channels/1000000000000000101/messages/{}", message.id());
    assert_eq!(
        client.patch(&by_channel, &json!({"content": "five"})).await.status,
        200,
        "the bot's own message it stays"
    );
}

#[tokio::test]
async fn followups_and_deletion() {
    let discord = PracticeDiscord::start().await.unwrap();
    let (client, mut gateway) = bot(&discord).await;
    let asked = discord.as_user("지민").in_channel("운영").slash("daily", &[]).await.unwrap();
    let event = gateway.event("INTERACTION_CREATE").await;
    client.answer(&event, &json!({"type": 5, "data": {"flags": 64}})).await;
    let filled = client.post(&client.hook(&event, "?wait=true"), &json!({"content": "first"})).await;
    assert_eq!(filled.json["flags"], 64, "the first followup fills the deferred answer, ephemeral as it was");
    let second = client.post(&client.hook(&event, ""), &json!({"content": "second"})).await;
    assert_ne!(second.id(), filled.id());
    assert_eq!(asked.followups()[0].text(), "second");
    let path = client.hook(&event, &format!("/messages/{}", second.id()));
    assert_eq!(client.patch(&path, &json!({"content": "changed"})).await.json["content"], "changed");
    assert_eq!(client.delete(&path).await.status, 204);
    assert_eq!(client.get(&path).await.code(), (404, 10008));
    assert_eq!(client.delete(&client.hook(&event, "/messages/@original")).await.status, 204);
    assert!(discord.channel("운영").messages_for("지민").is_empty());
}

#[tokio::test]
async fn with_response_gives_the_message_and_a_component_can_update() {
    let discord = PracticeDiscord::start().await.unwrap();
    let (client, mut gateway) = bot(&discord).await;
    let jimin = discord.as_user("지민").in_channel("운영");
    let asked = jimin.slash("daily", &[]).await.unwrap();
    let event = gateway.event("INTERACTION_CREATE").await;
    let button = json!([{"type": 1, "components": [{"type": 2, "style": 1, "label": "go", "custom_id": "go"}]}]);
    let path = format!("/interactions/{}/{}/callback?with_response=true", text(&event["id"]), text(&event["token"]));
    let answer = client.post(&path, &json!({"type": 4, "data": {"content": "a", "components": button}})).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json["resource"]["message"]["content"], "a");

    let message = asked.message().await.unwrap();
    let pressed = jimin.click(&message, "go").await.unwrap();
    let event = gateway.event("INTERACTION_CREATE").await;
    assert_eq!(client.answer(&event, &json!({"type": 8, "data": {"choices": []}})).await.code(), (400, 50035));
    client.answer(&event, &json!({"type": 7, "data": {"content": "b", "components": []}})).await;
    let updated = pressed.message().await.unwrap();
    assert_eq!((updated.id(), updated.text().as_str()), (message.id(), "b"));
    let history: Vec<String> = updated.history().into_iter().map(|version| version.text).collect();
    assert_eq!(history, ["a\n[go]", "b"]);
}

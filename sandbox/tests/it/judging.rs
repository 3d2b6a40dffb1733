use std::time::Duration;

use serde_json::{Value, json};
use signoff_sandbox::{PracticeDiscord, Rule};

use super::support::{Client, TEAM, bot, daily};

/// Whether Discord's document is at hand; the test says so when it is not.
fn judged(discord: &PracticeDiscord) -> bool {
    let sits = discord.judges_by_schema();
    if !sits {
        println!("left out: Discord's OpenAPI document is not here (SIGNOFF_DISCORD_OPENAPI names it)");
    }
    sits
}

async fn schema_violations(discord: &PracticeDiscord) -> Vec<String> {
    let found = discord.violations().await;
    found.into_iter().filter(|v| v.rule == Rule::Schema).map(|v| format!("{}: {}", v.route, v.problem)).collect()
}

#[tokio::test]
async fn the_document_finds_what_it_should() {
    let discord = PracticeDiscord::start().await.unwrap();
    if !judged(&discord) {
        return;
    }
    let client = Client::new(&discord);
    let button = |n: usize| json!({"type": 2, "style": 1, "label": "b", "custom_id": n.to_string()});
    let row = |n: usize| json!([{"type": 1, "components": (0..n).map(button).collect::<Vec<_>>()}]);
    client.post(TEAM, &json!({"content": "fine", "components": row(5)})).await;
    assert!(schema_violations(&discord).await.is_empty());
    client.post(TEAM, &json!({"embeds": [{"title": "x".repeat(257)}]})).await;
    client.post(TEAM, &json!({"content": "x", "components": row(6)})).await;
    assert_eq!(schema_violations(&discord).await.len(), 2);
}

#[tokio::test]
async fn what_clients_really_send_passes() {
    let discord = PracticeDiscord::start().await.unwrap();
    if !judged(&discord) {
        return;
    }
    let (client, mut gateway) = bot(&discord).await;
    let mut command = daily();
    command["default_member_permissions"] = json!("8");
    client.register(&json!([command])).await;
    let guest = discord.as_user("방장").in_channel("운영");
    let sent: [Value; 4] = [
        json!({"type": 6, "data": null}),
        json!({"type": 5, "data": {"attachments": [], "flags": 64}}),
        json!({"type": 4, "data": {"content": "x", "embeds": [], "components": [], "attachments": [],
            "allowed_mentions": {"parse": [], "users": [], "roles": []}}}),
        json!({"type": 9, "data": {"custom_id": "m", "title": "t", "components": [{"type": 1, "components": [
            {"type": 4, "custom_id": "i", "style": 1, "label": "l", "required": true}]}]}}),
    ];
    for body in &sent {
        guest.slash("daily", &[]).await.unwrap();
        let event = gateway.event("INTERACTION_CREATE").await;
        client.answer(&event, body).await;
    }
    assert_eq!(schema_violations(&discord).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_strict_judge_answers_as_discord_would() {
    let discord = PracticeDiscord::builder().strict_schema().start().await.unwrap();
    if !judged(&discord) {
        return;
    }
    let client = Client::new(&discord);
    let refused = client.post(TEAM, &json!({"content": "x", "tts": "loud"})).await;
    assert_eq!(refused.code(), (400, 50035));
}

#[tokio::test]
async fn without_the_document_nothing_is_judged_by_it_and_the_start_is_quick() {
    let began = std::time::Instant::now();
    let discord = PracticeDiscord::builder().openapi("/nowhere/openapi.json").start().await.unwrap();
    assert!(began.elapsed() < Duration::from_millis(500), "{:?}", began.elapsed());
    assert!(!discord.judges_by_schema());
    let client = Client::new(&discord);
    client.post(TEAM, &json!({"content": "x", "tts": "loud"})).await;
    assert!(discord.violations().await.is_empty());
}

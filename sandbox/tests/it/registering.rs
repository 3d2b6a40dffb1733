use serde_json::{Value, json};
use signoff_sandbox::PracticeDiscord;

use super::support::{Client, daily, text};

#[tokio::test]
async fn a_bulk_overwrite_keeps_the_ids_of_what_stays() {
    let discord = PracticeDiscord::start().await.unwrap();
    let client = Client::new(&discord);
    let other = json!({"name": "점검", "description": "두 번째", "default_member_permissions": "8"});
    let first = client.register(&json!([daily(), other])).await;
    assert_eq!(first.status, 200, "{}", first.json);
    let id = |answer: &Value, at: usize| text(&answer[at]["id"]).to_owned();
    let again = client.register(&json!([other])).await;
    assert_eq!(id(&again.json, 0), id(&first.json, 1));
    assert_eq!(again.json[0]["version"], first.json[1]["version"], "unchanged");
    let names: Vec<String> = discord.commands().into_iter().map(|command| command.name).collect();
    assert_eq!(names, ["점검"]);
    assert_eq!(discord.count("PUT /applications/*/guilds/*/commands"), 2);
    let list = client.get(&format!("/applications/{}/guilds/{}/commands", client.app, client.guild)).await;
    assert_eq!(list.json[0]["default_member_permissions"], "8");
    discord.assert_clean().await;
}

#[tokio::test]
async fn single_commands_are_made_changed_and_removed() {
    let discord = PracticeDiscord::start().await.unwrap();
    let client = Client::new(&discord);
    let base = format!("/applications/{}/guilds/{}/commands", client.app, client.guild);
    let made = client.post(&base, &daily()).await;
    assert_eq!(made.status, 201);
    assert_eq!(client.post(&base, &daily()).await.status, 200);
    let one = format!("{base}/{}", made.id());
    let changed = client.patch(&one, &json!({"description": "Another"})).await;
    assert_eq!((text(&changed.json["description"]), text(&changed.json["name"])), ("Another", "daily"));
    let list = client.get(&base).await;
    assert!(list.json[0].get("name_localizations").is_none());
    let list = client.get(&format!("{base}?with_localizations=true")).await;
    assert_eq!(list.json[0]["name_localizations"]["ko"], "일일점검");
    assert_eq!(client.delete(&one).await.status, 204);
    assert_eq!(client.get(&one).await.code(), (404, 10063));
}

#[tokio::test]
async fn bad_commands_are_refused_where_they_are_bad() {
    let discord = PracticeDiscord::start().await.unwrap();
    let client = Client::new(&discord);
    let refused = client.register(&json!([daily(), {"name": "Big", "description": "x"}])).await;
    assert_eq!(refused.code(), (400, 50035));
    let error = &refused.json["errors"]["1"]["name"]["_errors"][0]["code"];
    assert_eq!(text(error), "APPLICATION_COMMAND_INVALID_NAME");
    assert!(discord.commands().is_empty(), "all or nothing");
    let many: Vec<Value> = (0..101).map(|n| json!({"name": format!("c{n}"), "description": "x"})).collect();
    assert_eq!(client.register(&json!(many)).await.code(), (400, 30032));
    for round in 0..2 {
        let batch: Vec<Value> =
            (0..100).map(|n| json!({"name": format!("c{round}-{n}"), "description": "x"})).collect();
        assert_eq!(client.register(&json!(batch)).await.status, 200);
    }
    assert_eq!(client.register(&json!([daily()])).await.code(), (400, 30034), "200 creations a day");
    discord.clock().advance(std::time::Duration::from_secs(86_400));
    assert_eq!(client.register(&json!([daily()])).await.status, 200);
}

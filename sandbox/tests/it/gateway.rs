use std::time::Duration;

use serde_json::json;
use signoff_sandbox::PracticeDiscord;

use super::support::{Client, Ended, Gateway, TEAM, bot};

#[tokio::test]
async fn a_login_gets_ready_the_guild_and_its_beats_acknowledged() {
    let discord = PracticeDiscord::start().await.unwrap();
    assert!(!discord.bot_is_online());
    let mut gateway = Gateway::connect(&discord).await;
    gateway.identify(&discord.token(), 1).await;
    let ready = gateway.event("READY").await;
    for key in ["v", "user", "guilds", "session_id", "resume_gateway_url", "application"] {
        assert!(!ready[key].is_null(), "{key}");
    }
    let guild = gateway.event("GUILD_CREATE").await;
    assert_eq!((guild["member_count"].as_u64(), guild["members"].as_array().unwrap().len()), (Some(6), 6));
    gateway.say(&json!({"op": 1, "d": 2})).await;
    assert_eq!(gateway.frame().await.unwrap()["op"], 11);
    discord.wait_for_bot().await.unwrap();
    assert_eq!(discord.identifies(), 1);
}

#[tokio::test]
async fn wrong_logins_are_closed_with_their_codes() {
    let discord = PracticeDiscord::start().await.unwrap();
    let mut gateway = Gateway::connect(&discord).await;
    gateway.identify("wrong", 1).await;
    assert_eq!(gateway.end().await, Ended::With(4004));
    let mut gateway = Gateway::connect(&discord).await;
    gateway.say(&json!({"op": 8, "d": {}})).await;
    assert_eq!(gateway.end().await, Ended::With(4003));
    let mut gateway = Gateway::login(&discord).await;
    gateway.identify(&discord.token(), 1).await;
    assert_eq!(gateway.end().await, Ended::With(4005));
    let mut gateway = Gateway::connect(&discord).await;
    gateway.say(&json!({"op": 6, "d": {"token": discord.token(), "session_id": "gone", "seq": 3}})).await;
    let refused = gateway.frame().await.unwrap();
    assert_eq!((&refused["op"], &refused["d"]), (&json!(9), &json!(false)));
}

#[tokio::test]
async fn a_resumed_session_gets_what_it_missed() {
    let discord = PracticeDiscord::start().await.unwrap();
    let (_client, mut gateway) = bot(&discord).await;
    discord.faults().drop_gateway(Some(4000));
    assert_eq!(gateway.end().await, Ended::With(4000));
    let asked = discord.as_user("지민").in_channel("운영").slash("daily", &[]).await.unwrap();
    asked.expect_no_answer();

    let mut again = Gateway::connect(&discord).await;
    let (session, sequence) = (gateway.session.clone(), gateway.sequence);
    again.say(&json!({"op": 6, "d": {"token": discord.token(), "session_id": session, "seq": sequence}})).await;
    assert_eq!(again.event("INTERACTION_CREATE").await["id"], asked.id().to_string());
    again.event("RESUMED").await;
    assert_eq!((discord.identifies(), discord.resumes()), (1, 1));
    discord.faults().drop_gateway(None);
    assert_eq!(again.end().await, Ended::Abruptly);

    discord.faults().refuse_resumes(1);
    let mut third = Gateway::connect(&discord).await;
    third.say(&json!({"op": 6, "d": {"token": discord.token(), "session_id": session, "seq": again.sequence}})).await;
    assert_eq!(third.frame().await.unwrap()["op"], 9);
}

#[tokio::test]
async fn beats_can_stay_without_answer_and_events_be_late() {
    let discord = PracticeDiscord::builder().heartbeat_every(Duration::from_secs(20)).start().await.unwrap();
    let (client, mut gateway) = bot(&discord).await;
    discord.faults().silence_heartbeats(true).delay_events(Duration::from_millis(200));
    gateway.say(&json!({"op": 1, "d": null})).await;
    let began = std::time::Instant::now();
    client.post(TEAM, &json!({"content": "x"})).await;
    let next = gateway.frame().await.unwrap();
    assert_eq!(next["t"], "MESSAGE_CREATE", "no acknowledgement came before it");
    assert!(began.elapsed() >= Duration::from_millis(200));
    discord.faults().clear();
    gateway.say(&json!({"op": 1, "d": null})).await;
    assert_eq!(gateway.frame().await.unwrap()["op"], 11);
}

#[tokio::test]
async fn the_world_going_on_is_told_of() {
    let discord = PracticeDiscord::start().await.unwrap();
    let (_client, mut gateway) = bot(&discord).await;
    let said = discord.as_user("지민").in_channel("운영").say("안녕").await.unwrap();
    let event = gateway.event("MESSAGE_CREATE").await;
    assert_eq!((&event["content"], &event["member"]["roles"]), (&json!("안녕"), &json!(["1000000000000000011"])));
    discord.delete_message(&said).unwrap();
    assert_eq!(gateway.event("MESSAGE_DELETE").await["id"], said.id().to_string());
    discord.give_role("손님", "devops").unwrap();
    assert_eq!(gateway.event("GUILD_MEMBER_UPDATE").await["roles"], json!(["1000000000000000012"]));
    discord.delete_role("devops").unwrap();
    gateway.event("GUILD_ROLE_DELETE").await;
    discord.remove_member("손님").unwrap();
    gateway.event("GUILD_MEMBER_REMOVE").await;
    discord.add_member("민수", &["operations"], "ko").unwrap();
    assert_eq!(gateway.event("GUILD_MEMBER_ADD").await["user"]["global_name"], "민수");
    discord.send_raw_event("NOBODY_KNOWS_THIS", &json!({"x": 1}));
    assert_eq!(gateway.event("NOBODY_KNOWS_THIS").await["x"], 1);
}

#[tokio::test]
async fn without_the_intent_the_words_of_others_are_empty() {
    let discord = PracticeDiscord::start().await.unwrap();
    let client = Client::new(&discord);
    let mut gateway = Gateway::connect(&discord).await;
    gateway.identify(&discord.token(), 1 | 1 << 9).await;
    gateway.event("READY").await;
    discord.as_user("지민").in_channel("운영").say("secret").await.unwrap();
    assert_eq!(gateway.event("MESSAGE_CREATE").await["content"], "");
    client.post(TEAM, &json!({"content": "own"})).await;
    assert_eq!(gateway.event("MESSAGE_CREATE").await["content"], "own");
}

#[tokio::test]
async fn discord_goes_down_and_comes_up_on_the_same_ports() {
    let discord = PracticeDiscord::start().await.unwrap();
    let (client, mut gateway) = bot(&discord).await;
    discord.go_down().await;
    assert_eq!(gateway.end().await, Ended::Abruptly);
    assert!(client.try_send(client.request(reqwest::Method::GET, "/gateway")).await.is_err());
    discord.come_up().await.unwrap();
    assert_eq!(client.get("/gateway").await.status, 200);
    let mut again = Gateway::connect(&discord).await;
    again
        .say(&json!({"op": 6, "d": {"token": discord.token(), "session_id": gateway.session, "seq": gateway.sequence}}))
        .await;
    again.event("RESUMED").await;
}

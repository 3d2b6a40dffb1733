//! A bot reduced to what the page must be able to show: it answers every way that there is to answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use signoff_sandbox::{
    Mood, Page, Panel, PanelFault, PanelFigure, PanelRefusal, PanelScene, PanelView, PracticeDiscord, RateLimits, Words,
};
use tokio::sync::watch;

use super::chromium::{Browser, Tab};
use super::support::{Client, Gateway, TEAM, text};

/// The double sends no heartbeats; no test lasts this long.
const HEARTBEAT: Duration = Duration::from_secs(3600);

/// A practice Discord with its page, a host and a bot.
pub(crate) struct World {
    pub(crate) discord: PracticeDiscord,
    pub(crate) page: Page,
    pub(crate) client: Client,
    pub(crate) host: Arc<Host>,
    bot: tokio::task::JoinHandle<()>,
}

impl Drop for World {
    fn drop(&mut self) {
        self.bot.abort();
    }
}

impl World {
    /// A tab in which somebody has the page open, in Korean.
    pub(crate) async fn tab(&self, browser: &Browser, who: &str) -> Tab {
        let id = self.discord.user_id(who).unwrap();
        let tab = browser.open(&self.page.link()).await;
        tab.wait("document.body.classList.contains('ready')").await;
        tab.eval(&format!("sessionStorage.setItem('me', '{id}'); localStorage.setItem('language', 'ko')")).await;
        tab.reload().await;
        tab
    }

    /// A message of the bot in the team's channel; gives its id.
    pub(crate) async fn post(&self, body: &Value) -> String {
        let posted = self.client.post(TEAM, body).await;
        assert_eq!(posted.status, 200, "{}", posted.json);
        posted.id()
    }

    pub(crate) async fn start() -> Self {
        let discord = PracticeDiscord::builder()
            .rate_limits(RateLimits::none())
            .heartbeat_every(HEARTBEAT)
            .start()
            .await
            .unwrap();
        let host = Arc::new(Host::new());
        let page = discord.open_page(0, Some(Arc::clone(&host) as Arc<dyn Panel>)).await.unwrap();
        let client = Client::new(&discord);
        let registered = client.register(&commands()).await;
        assert_eq!(registered.status, 200, "{}", registered.json);
        let gateway = Gateway::login(&discord).await;
        let bot = tokio::spawn(serve(client.clone(), gateway));
        Self { discord, page, client, host, bot }
    }
}

fn commands() -> Value {
    let host = json!({"type": 3, "name": "host", "name_localizations": {"ko": "서버"}, "description": "Which host",
        "description_localizations": {"ko": "어느 서버를 볼지"}, "autocomplete": true});
    json!([
        {"name": "daily", "description": "Check services and resources",
            "description_localizations": {"ko": "서비스와 리소스를 점검합니다"}, "options": [host]},
        {"name": "assign", "description": "Name who is on duty", "description_localizations": {"ko": "담당자를 정합니다"},
            "options": [{"type": 6, "name": "person", "name_localizations": {"ko": "담당자"}, "description": "Who", "required": true},
                {"type": 3, "name": "checklist", "name_localizations": {"ko": "체크리스트"}, "description": "Which", "required": true,
                "choices": [{"name": "일일 체크", "value": "daily"}, {"name": "주간 체크", "value": "weekly"}]}]},
        {"name": "me", "description": "What is mine to do", "description_localizations": {"ko": "내 할 일을 봅니다"}},
        {"name": "rota", "description": "The rota", "options": [
            {"type": 1, "name": "show", "description": "Show it", "description_localizations": {"ko": "당번표를 봅니다"}},
            {"type": 1, "name": "set", "description": "Change it", "description_localizations": {"ko": "당번표를 바꿉니다"}}]},
        {"name": "silent", "description": "Never answers"},
        {"name": "hostile", "description": "Shows what an attacker would write"},
    ])
}

async fn serve(client: Client, mut gateway: Gateway) {
    while let Some(event) = gateway.next_event("INTERACTION_CREATE").await {
        tokio::spawn(answer(client.clone(), event));
    }
}

async fn answer(client: Client, event: Value) {
    let data = &event["data"];
    let name = data["name"].as_str().or_else(|| data["custom_id"].as_str()).unwrap_or_default();
    let say = |kind: u8, data: Value| json!({"type": kind, "data": data});
    match (event["type"].as_u64(), name) {
        (Some(4), _) => {
            let typed = data["options"][0]["value"].as_str().unwrap_or_default().to_owned();
            let hosts = ["production", "staging", "here"].into_iter().filter(|host| host.contains(&typed));
            let choices: Value = hosts.map(|host| json!({"name": host, "value": host})).collect();
            client.answer(&event, &say(8, json!({"choices": choices}))).await;
        }
        (_, "daily") => {
            client.answer(&event, &json!({"type": 5})).await;
            tokio::time::sleep(Duration::from_millis(120)).await;
            client.patch(&client.hook(&event, "/messages/@original"), &report(false)).await;
        }
        (_, "again") => {
            client.answer(&event, &json!({"type": 6})).await;
            client.patch(&client.hook(&event, "/messages/@original"), &report(true)).await;
        }
        (_, "details") => {
            client.answer(&event, &say(4, details())).await;
        }
        (_, "pick") => {
            let chosen = data["values"].to_string();
            client.answer(&event, &say(7, json!({"content": format!("고른 항목: {chosen}"), "components": []}))).await;
        }
        (Some(5), "memo") => {
            let typed = text(&data["components"][0]["components"][0]["value"]).to_owned();
            client
                .answer(
                    &event,
                    &say(4, json!({"content": format!("**메모**\n{typed}"), "allowed_mentions": {"parse": []}})),
                )
                .await;
        }
        (_, "memo") => {
            client.answer(&event, &json!({"type": 9, "data": memo()})).await;
        }
        (_, "me") => {
            let mine = json!({"flags": 64, "content": "오늘 할 일: **일일 체크** 서명 <t:1800000000:t>"});
            client.answer(&event, &say(4, mine)).await;
        }
        (_, "assign") => {
            let who = &data["options"][0]["value"];
            let words = json!({"content": format!("<@{}> 님이 오늘의 담당자입니다.", text(who)), "allowed_mentions": {"users": [who]}});
            client.answer(&event, &say(4, words)).await;
        }
        (_, "hostile") => {
            client.answer(&event, &say(4, hostile())).await;
        }
        (_, "rota") => {
            let sub = text(&data["options"][0]["name"]).to_owned();
            client.answer(&event, &say(4, json!({"content": format!("rota {sub}")}))).await;
        }
        _ => {}
    }
}

pub(crate) fn report(healed: bool) -> Value {
    let (colour, redis) = if healed {
        (0x2d_a4_4e, "✅ **gear_freak_redis** running · healthy · 12 s".to_owned())
    } else {
        (
            0xda_36_33,
            "❌ **gear_freak_redis** `exited` · 기준 running\n-# ↳ 종료 코드 137, 3분 전에 멈췄습니다".to_owned(),
        )
    };
    let counts = if healed { "✅ 정상 12" } else { "❌ 이상 1 · ✅ 정상 11" };
    json!({
        "content": "",
        "embeds": [{
            "title": "일일 체크 · Gear Freak 운영 서버",
            "color": colour,
            "description": format!("**{counts}**"),
            "fields": [
                {"name": "서비스 상태", "value": "✅ **API** 200 · 41 ms\n✅ **Insights 대시보드** 200 · 28 ms\n✅ **웹 서버** 200 · 31 ms"},
                {"name": "컨테이너 상태", "value": format!("✅ **gear_freak_serverpod** running · healthy · 3 d 4 h\n✅ **gear_freak_postgres** running · healthy · 3 d 4 h\n{redis}")},
                {"name": "CPU", "value": "✅ 12 % · 기준 < 80 %", "inline": true},
                {"name": "메모리", "value": "✅ 61 % · 기준 < 85 %", "inline": true},
                {"name": "디스크", "value": "⚠️ 74 % · 기준 < 70 %", "inline": true},
            ],
            "footer": {"text": "지민 · 0.31초"},
            "timestamp": "2026-11-26T00:00:00Z",
        }],
        "components": [{"type": 1, "components": [
            {"type": 2, "style": 2, "label": "자세히", "custom_id": "details"},
            {"type": 2, "style": 1, "label": "다시 점검", "custom_id": "again"},
            {"type": 2, "style": 3, "label": "서명", "custom_id": "memo", "emoji": {"name": "✍️"}},
            {"type": 2, "style": 4, "label": "무응답", "custom_id": "never"},
        ]}],
    })
}

fn details() -> Value {
    let option = |value: &str, label: &str| json!({"value": value, "label": label, "description": "근거를 봅니다"});
    json!({"flags": 64, "content": "어느 항목을 볼까요?", "components": [
        {"type": 1, "components": [{"type": 3, "custom_id": "pick", "placeholder": "항목",
            "options": [option("redis", "gear_freak_redis"), option("disk", "디스크"), option("api", "API")]}]},
        {"type": 1, "components": [{"type": 5, "custom_id": "who", "placeholder": "담당자"}]},
        {"type": 1, "components": [{"type": 6, "custom_id": "role", "placeholder": "역할"}]},
    ]})
}

fn memo() -> Value {
    let input = |id: &str, label: &str, style: u8, required: bool| {
        json!({"type": 1, "components": [{"type": 4, "custom_id": id, "label": label, "style": style, "required": required,
            "max_length": 1000, "placeholder": if style == 2 { "인수인계할 것을 적습니다" } else { "" }}]})
    };
    json!({"custom_id": "memo", "title": "일일 체크 서명", "components": [input("memo", "메모", 2, true), input("next", "조치 사항", 1, false)]})
}

/// What stands in names, log lines and embeds when somebody means ill.
pub(crate) const ATTACK: &str = "<img src=x onerror=\"window.hit=1\"><script>window.hit=1</script>";

fn hostile() -> Value {
    json!({
        "content": format!("{ATTACK}\n[click](javascript:window.hit=1) <javascript:window.hit=1> [x](https://a.example/\"onmouseover=\"window.hit=1)\n```html\n{ATTACK}\n```\n||{ATTACK}||"),
        "embeds": [{"title": ATTACK, "description": format!("> {ATTACK}\n# {ATTACK}\n- {ATTACK}"), "url": "https://example.org/",
            "fields": [{"name": ATTACK, "value": format!("`{ATTACK}` **{ATTACK}**")}], "footer": {"text": ATTACK}, "author": {"name": ATTACK},
            "image": {"url": "https://tracker.example/pixel.png"}}],
        "components": [{"type": 1, "components": [{"type": 2, "style": 2, "label": ATTACK, "custom_id": ATTACK}]}],
        "allowed_mentions": {"parse": []},
    })
}

/// A host with one thing to break.
pub(crate) struct Host {
    pub(crate) broken: AtomicBool,
    changes: watch::Sender<u64>,
}

impl Host {
    fn new() -> Self {
        Self { broken: AtomicBool::new(false), changes: watch::Sender::new(0) }
    }
}

impl Panel for Host {
    fn view(&self) -> PanelView {
        let broken = self.broken.load(Ordering::SeqCst);
        let figure = |id: &str, name: Words, value: &str, share: Option<f64>, mood: Mood| PanelFigure {
            id: id.to_owned(),
            name,
            value: Words::same(value),
            share,
            mood,
        };
        let (state, mood) = if broken { ("exited (137)", Mood::Bad) } else { ("running · healthy", Mood::Good) };
        let fault = |id: &str, group: (&str, &str), name: (&str, &str), about: (&str, &str), on: bool| PanelFault {
            id: id.to_owned(),
            group: Words::new(group.0, group.1),
            name: Words::new(name.0, name.1),
            about: Words::new(about.0, about.1),
            on,
        };
        PanelView {
            host: Words::new("Gear Freak 연습 서버", "Gear Freak practice host"),
            notices: vec![],
            figures: vec![
                figure("serverpod", Words::same("serverpod"), "running · healthy", None, Mood::Good),
                figure("postgres", Words::same("postgres"), "running · healthy", None, Mood::Good),
                figure("redis", Words::same("redis"), state, None, mood),
                figure("cpu", Words::same("CPU"), "12 %", Some(0.12), Mood::Good),
                figure("memory", Words::new("메모리", "Memory"), "612 / 1000 MB", Some(0.61), Mood::Good),
                figure("disk", Words::new("디스크", "Disk"), "14.8 / 20 GB", Some(0.74), Mood::Uneasy),
            ],
            faults: vec![
                fault(
                    "redis-stopped",
                    ("컨테이너", "Containers"),
                    ("redis 중지", "Stop redis"),
                    ("D6이 이상이 됩니다", "D6 fails"),
                    broken,
                ),
                fault(
                    "crash-loop",
                    ("컨테이너", "Containers"),
                    ("serverpod 반복 재시작", "serverpod restarts forever"),
                    ("", ""),
                    false,
                ),
                fault("disk-full", ("리소스", "Resources"), ("디스크 가득 참", "Fill the disk"), ("", ""), false),
                fault(
                    "certificate",
                    ("인증서", "Certificates"),
                    ("인증서 만료 임박", "Certificate near its end"),
                    ("W6이 주의가 됩니다", "W6 warns"),
                    false,
                ),
            ],
            scenes: vec![
                PanelScene { id: "calm".to_owned(), name: Words::new("평온", "All well"), ..PanelScene::default() },
                PanelScene {
                    id: "outage".to_owned(),
                    name: Words::new("새벽 장애", "Outage at night"),
                    ..PanelScene::default()
                },
            ],
            scene: Some(if broken { "outage" } else { "calm" }.to_owned()),
        }
    }

    fn set_fault(&self, id: &str, on: bool) -> Result<(), PanelRefusal> {
        if id != "redis-stopped" {
            return Err(PanelRefusal::Unknown { wanted: id.to_owned(), there: "redis-stopped".to_owned() });
        }
        self.broken.store(on, Ordering::SeqCst);
        self.changes.send_modify(|count| *count += 1);
        Ok(())
    }

    fn set_scene(&self, id: &str) -> Result<(), PanelRefusal> {
        self.set_fault("redis-stopped", id == "outage")
    }

    fn timezone(&self) -> Option<String> {
        Some("Asia/Seoul".to_owned())
    }

    fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }
}

//! Emergencies: a runbook is opened, led in its thread, and closed with a timeline; its acts go through the gate.

use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use signoff_sandbox::{Message, Seat, Sent};
use sqlx::ConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;

use crate::bot::{Bot, SMALL};
use crate::gated::{ACT, RESTART};

pub const RUNBOOK: &str = include_str!("../data/runbook.toml");
const NAME: &str = "emergency-service-down";

/// A deployment with a runbook, whose acts are counted.
pub struct Led {
    pub bot: Bot,
}

impl Led {
    pub async fn with(more: &str) -> Self {
        Self::of(&[(NAME, RUNBOOK)], more).await
    }

    pub async fn of(runbooks: &[(&str, &str)], more: &str) -> Self {
        let rebuild = RESTART.replace("\"high\"", "\"critical\"").replace("\"재시작\"", "\"재구축\"");
        let bot = Bot::prepare(&[("daily", SMALL), ("restart", RESTART), ("rebuild", &rebuild)]).await;
        for (name, text) in runbooks {
            bot.write_command(name, text);
        }
        let config = std::fs::read_to_string(bot.path("bot.toml")).unwrap();
        bot.write("bot.toml", format!("{config}\n{more}"));
        bot.write("calm", "12\n");
        bot.write("act", ACT.replace("FOLDER", &bot.folder.path().display().to_string()));
        std::fs::set_permissions(bot.path("act"), std::fs::Permissions::from_mode(0o755)).unwrap();
        bot.discord.give_role("Alex", "devops").unwrap();
        Self { bot: bot.started().await }
    }

    pub async fn new() -> Self {
        Self::with("").await
    }

    /// 지민 opens it; gives its message once the thread is there.
    pub async fn opened(&self) -> Message {
        self.opened_with(&[]).await
    }

    /// The same with more of its options.
    pub async fn opened_with(&self, more: &[(&str, &str)]) -> Message {
        let options = [&[("runbook", NAME), ("note", "API가 502입니다")], more].concat();
        let asked = self.bot.seat("지민").slash("emergency", &options).await.unwrap();
        let board = asked.message().await.unwrap();
        self.until_threaded(&board).await;
        board
    }

    /// Waits until the record knows the thread, which has the id of the message it hangs on.
    pub async fn until_threaded(&self, board: &Message) {
        let patience = Instant::now() + Duration::from_secs(10);
        while self.sql("SELECT count(*) || '' FROM runbook WHERE thread IS NOT NULL AND closed = 0").await != ["1"] {
            assert!(Instant::now() < patience, "no thread: {}", board.text());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Somebody in the thread of a runbook.
    pub fn thread(&self, who: &str, board: &Message) -> Seat {
        self.bot.discord.as_user(who).in_channel(board.id().to_string())
    }

    pub async fn step(&self, who: &str, board: &Message, step: &str) -> Sent {
        self.bot.seat(who).select(board, "실행할 단계를 고릅니다", &[step]).await.unwrap()
    }

    /// What somebody alone is told who chooses a step, or presses a button.
    pub async fn told(&self, sent: Sent) -> String {
        let message = sent.message().await.unwrap();
        assert!(message.is_ephemeral(), "{}", message.text());
        message.text()
    }

    pub async fn clicks(&self, who: &str, message: &Message, button: &str) -> Sent {
        self.bot.seat(who).click(message, button).await.unwrap()
    }

    /// Asks for the act of a step; gives its card, which stands in the thread.
    pub async fn asks(&self, who: &str, board: &Message, step: &str, texts: &[(&str, &str)]) -> Message {
        let modal = self.step(who, board, step).await.modal().await.unwrap();
        let sent = self.bot.seat(who).submit_modal(&modal, texts).await.unwrap();
        sent.wait_for(|m| m.text().contains("올렸습니다")).await.unwrap();
        let cards = self.thread(who, board).messages().unwrap();
        cards.into_iter().rfind(|m| m.text().contains("위험도 ")).expect("a card in the thread")
    }

    /// Waits until a message of the team's channel says `words`.
    pub async fn until(&self, message: &Message, words: &str) -> Message {
        let fits = |m: &Message| m.id() == message.id() && m.text().contains(words);
        self.bot.seat("지민").wait_for(fits).await.unwrap()
    }

    /// The same for a message in the thread of `board`.
    pub async fn until_in_thread(&self, board: &Message, words: &str) -> Message {
        self.thread("지민", board).wait_for(|m| m.text().contains(words)).await.unwrap()
    }

    pub fn acts(&self) -> Vec<String> {
        let acts = std::fs::read_to_string(self.bot.path("acts")).unwrap_or_default();
        acts.lines().map(str::to_owned).collect()
    }

    /// Changes the record, as nobody should.
    pub async fn exec(&self, sql: &'static str) {
        let mut db = SqliteConnectOptions::new().filename(self.bot.path("signoff.db")).connect().await.unwrap();
        sqlx::raw_sql(sql).execute(&mut db).await.unwrap();
    }

    pub async fn sql(&self, sql: &'static str) -> Vec<String> {
        let mut db = SqliteConnectOptions::new().filename(self.bot.path("signoff.db")).connect().await.unwrap();
        sqlx::query_scalar(sql).fetch_all(&mut db).await.unwrap()
    }
}

const WHY: (&str, &str) = ("사유", "API가 5분째 응답하지 않습니다");

#[tokio::test]
async fn an_emergency_is_led_from_its_symptom_to_its_summary() {
    let led = Led::new().await;
    let board = led.opened().await;
    for part in
        ["#1 긴급: 서비스 다운 · 여기", "🚨 치명", "API 응답 없음", "API가 502입니다", "▫️ 1. 상태 확인 🔎", "🔐"]
    {
        assert!(board.text().contains(part), "{part} is missing in:\n{}", board.text());
    }
    assert_eq!(board.buttons(), ["제가 지휘합니다", "해결됨, 종료", "해결 안 됨, 종료"]);

    // A step that looks really looks, and says in the thread what it found.
    led.bot.write("calm", "85\n");
    led.step("지민", &board, "1. 상태 확인").await;
    let found = led.until_in_thread(&board, "잔잔함").await;
    assert!(found.text().contains("85"), "{}", found.text());
    led.until(&board, "⚠️ 1. 상태 확인").await;

    // A step that acts opens the form of its action, with what the runbook has chosen, and goes through the same gate.
    let card = led.asks("지민", &board, "2. 재시작", &[WHY]).await;
    for part in ["재시작 serverpod", "API가 5분째", "승인 0/1"] {
        assert!(card.text().contains(part), "{part} is missing in:\n{}", card.text());
    }
    led.until(&board, "⏳ 2. 재시작").await;
    let own = led.told(led.thread("지민", &board).click(&card, "승인").await.unwrap()).await;
    assert!(own.contains("자신의 요청은"), "{own}");
    assert_eq!(led.acts(), Vec::<String>::new());
    led.bot.write("calm", "12\n");
    led.thread("현우", &board).click(&card, "승인").await.unwrap();
    led.until_in_thread(&board, "✅ 검증됨").await;
    led.until(&board, "✅ 2. 재시작").await;
    assert_eq!(led.acts(), ["serverpod"]);

    // Notes in the thread, by hand, and who leads.
    let noted = led.thread("현우", &board).slash("note", &[("note", "502가 멈췄습니다")]).await.unwrap();
    assert!(noted.message().await.unwrap().text().contains("기록했습니다"));
    led.until(&board, "502가 멈췄습니다").await;
    led.step("현우", &board, "4. 고객 공지").await;
    led.until(&board, "✅ 4. 고객 공지").await;
    led.clicks("현우", &board, "제가 지휘합니다").await;
    led.until(&board, "지휘 @현우").await;
    let again = led.told(led.clicks("현우", &board, "제가 지휘합니다").await).await;
    assert!(again.contains("이미 기록"), "{again}");

    led.step("지민", &board, "1. 상태 확인").await;
    led.until(&board, "✅ 1. 상태 확인").await;
    let closed = led.clicks("현우", &board, "해결됨, 종료").await.message().await.unwrap();
    assert!(closed.text().contains("해결했습니다"), "{}", closed.text());
    let files = closed.files();
    let summary = String::from_utf8(files[0].bytes.clone()).unwrap();
    assert!(files[0].name.ends_with(".md"), "{}", files[0].name);
    // The timeline, in its order, with who did what.
    let mut from = 0;
    for part in [
        "시작",
        "이상: ❌ 잔잔함",
        "요청 #1 (API가 5분째",
        "현우 | 요청 #1: 승인",
        "요청 #1: 실행 시작",
        "요청 #1: 검증됨",
        "메모: 502가 멈췄습니다",
        "4. 고객 공지: 완료",
        "지휘를 맡음",
        "1개 정상",
        "현우 | 해결됨",
    ] {
        let at =
            summary[from..].find(part).unwrap_or_else(|| panic!("{part} is missing, or too early, in:\n{summary}"));
        from += at + part.len();
    }
    let over = led.until(&board, "해결됨 · ").await;
    assert_eq!(over.buttons(), ["결과 보기"]);
    let again = led.clicks("지민", &board, "결과 보기").await.message().await.unwrap();
    assert!(again.is_ephemeral() && again.files().len() == 1, "{}", again.text());

    let deeds = led.sql("SELECT json_extract(details, '$.what') FROM audit WHERE deed = 'runbook' ORDER BY seq").await;
    assert_eq!(deeds, ["opened", "looked", "asked", "noted", "done", "led", "looked", "closed"]);
    led.bot.finish().await;
}

#[tokio::test]
async fn one_approval_is_enough_for_a_critical_act_in_its_thread_and_no_longer_than_it_is_open() {
    let led = Led::new().await;
    let board = led.opened().await;
    // Outside of the thread it takes two.
    let outside = async |seat: &Seat| {
        let modal = seat.slash("rebuild", &[("service", "redis")]).await.unwrap().modal().await.unwrap();
        let texts = [WHY, ("대상을 그대로 입력해 주세요", "redis")];
        let sent = seat.submit_modal(&modal, &texts).await.unwrap();
        sent.wait_for(|m| m.text().contains("올렸습니다")).await.unwrap();
        seat.messages().unwrap().into_iter().rfind(|m| m.text().contains("위험도 ")).unwrap()
    };
    let two = outside(&led.bot.seat("지민")).await;
    assert!(two.text().contains("승인 0/2"), "{}", two.text());

    // By its step: what the runbook left open is asked in the form, and held against what can be chosen.
    let modal = led.step("지민", &board, "3. 재구축").await.modal().await.unwrap();
    assert_eq!(modal.labels(), ["서비스", "사유"]);
    for wrong in ["postgres", "a;b", "$(reboot)"] {
        let modal = led.step("지민", &board, "3. 재구축").await.modal().await.unwrap();
        let refused = led.bot.seat("지민").submit_modal(&modal, &[("서비스", wrong), WHY]).await.unwrap();
        let refused = led.told(refused).await;
        assert!(refused.contains("목록에 없습니다") || refused.contains("쓸 수 없습니다"), "{wrong}: {refused}");
    }
    let one = led.asks("지민", &board, "3. 재구축", &[("서비스", "serverpod"), WHY]).await;
    assert!(one.text().contains("승인 0/1"), "{}", one.text());
    led.thread("현우", &board).click(&one, "승인").await.unwrap();
    led.until(&board, "✅ 3. 재구축").await;
    assert_eq!(led.acts(), ["serverpod"]);

    // Typed in its thread it is of the runbook as well; and what waits when that is closed is void, whoever has approved.
    let waits = outside(&led.thread("지민", &board)).await;
    assert!(waits.text().contains("대체됨") || waits.text().contains("승인 0/1"), "{}", waits.text());
    let closed = led.clicks("현우", &board, "해결 안 됨, 종료").await.message().await.unwrap();
    assert!(closed.text().contains("해결하지 못하고"), "{}", closed.text());
    let fits = |m: &Message| m.id() == waits.id() && m.text().contains("🚫 무효");
    let void = led.thread("현우", &board).wait_for(fits).await.unwrap();
    assert!(void.text().contains("긴급 대응이 종료되어"), "{}", void.text());
    let late = led.thread("현우", &board).forge_click(&waits, "gate:approve:3", |_| {}).await.unwrap();
    assert!(led.told(late).await.contains("무효가 된"));

    // In the thread of a closed runbook it takes two again, and its steps are dead.
    let after = outside(&led.thread("지민", &board)).await;
    assert!(after.text().contains("승인 0/2"), "{}", after.text());
    let dead = led.bot.seat("지민").forge_click(&board, "book:lead:1", |_| {}).await.unwrap();
    assert!(led.told(dead).await.contains("이미 종료된"));
    assert_eq!(led.acts(), ["serverpod"]);
    led.bot.finish().await;
}

#[tokio::test]
async fn an_approval_that_was_given_does_not_outlive_its_runbook() {
    let led = Led::new().await;
    let board = led.opened().await;
    let card = led.asks("지민", &board, "3. 재구축", &[("서비스", "serverpod"), WHY]).await;
    // Whoever closes it in the very moment in which somebody approves: it either was begun before, or is void.
    let (closes, approves) = (led.bot.seat("지민"), led.thread("현우", &board));
    let (closed, approved) = tokio::join!(closes.click(&board, "해결됨, 종료"), approves.click(&card, "승인"));
    closed.unwrap().message().await.unwrap();
    approved.unwrap().first_answer().await.unwrap();
    let is_over = |m: &Message| m.id() == card.id() && ["🚫 무효", "✅ 검증됨"].iter().any(|w| m.text().contains(w));
    let over = led.thread("현우", &board).wait_for(is_over).await.unwrap();
    assert_eq!(led.acts().len(), usize::from(over.text().contains("✅ 검증됨")), "{}", over.text());
    led.bot.finish().await;
}

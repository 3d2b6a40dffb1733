//! The disaster-recovery drill (row M6), rehearsed whole in the practice world: a new machine comes in the old one's place, a
//! person approves the key that it shows, the service is seen to be well, and the time taken is held against the target.

use std::fs::File;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use chrono::TimeDelta;
use signoff_sandbox::{Message, Seat};

use crate::world::World;

/// A look over a busy machine takes its time.
const PATIENCE: Duration = Duration::from_secs(60);

struct Drill {
    world: World,
    bot: Child,
}

impl Drill {
    async fn ready(world: World) -> Self {
        let log = File::create(world.practice.file.with_extension("log")).unwrap();
        let bot = Command::new(env!("CARGO_BIN_EXE_signoff"))
            .args(["run", "--config"])
            .arg(&world.practice.file)
            .env("NO_COLOR", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        world.practice.discord.wait_for_command("emergency").await.unwrap();
        Self { world, bot }
    }

    /// Runs the program at a terminal: what it printed, and whether it did what was asked.
    fn signoff(&self, args: &[&str]) -> (String, bool) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_signoff"));
        let output = command.args(args).arg("--config").arg(&self.world.practice.file).output().unwrap();
        (String::from_utf8_lossy(&output.stdout).into_owned(), output.status.success())
    }

    fn seat(&self, who: &str) -> Seat {
        self.world.practice.discord.as_user(who).in_channel("운영").patient(PATIENCE)
    }

    fn thread(&self, who: &str, board: &Message) -> Seat {
        self.world.practice.discord.as_user(who).in_channel(board.id().to_string()).patient(PATIENCE)
    }

    async fn opened(&self) -> Message {
        let options = [("runbook", "drill"), ("host", "gear-freak")];
        let board = self.seat("지민").slash("emergency", &options).await.unwrap().message().await.unwrap();
        let id = board.id().to_string();
        let discord = &self.world.practice.discord;
        discord.wait_until("a thread", || discord.channel_id(&id).is_some()).await.unwrap();
        board
    }

    async fn until(&self, board: &Message, words: &str) -> Message {
        let fits = |m: &Message| m.id() == board.id() && m.text().contains(words);
        let seen = self.seat("지민").wait_for(fits).await;
        seen.unwrap_or_else(|error| panic!("{error}\n{}", self.log()))
    }

    async fn by_hand(&self, board: &Message, step: &str) {
        self.seat("지민").select(board, "실행할 단계를 고릅니다", &[step]).await.unwrap();
        self.until(board, &format!("✅ {step}")).await;
    }

    /// Has the machine at `address` (none: the usual one) show its key; what who asked is told.
    async fn key(&self, board: &Message, address: Option<&str>) -> String {
        let sent = self.seat("지민").select(board, "실행할 단계를 고릅니다", &[KEY]).await.unwrap();
        let modal = sent.modal().await.unwrap();
        let texts: Vec<_> = address.map(|address| ("새 서버 주소", address)).into_iter().collect();
        let sent = self.seat("지민").submit_modal(&modal, &texts).await.unwrap();
        sent.wait_for(|m| !m.text().contains("묻고 있습니다")).await.unwrap().text()
    }

    /// Presses the button below a key; what is told.
    async fn approves(&self, who: &str, board: &Message, key: &Message) -> String {
        let sent = self.thread(who, board).forge_click(key, &id_of(key), |_| {}).await.unwrap();
        sent.wait_for(|m| !m.text().contains("묻고 있습니다")).await.unwrap().text()
    }

    fn later(&self, minutes: i64) {
        let clock = self.world.practice.discord.clock();
        clock.set(clock.now() + TimeDelta::minutes(minutes));
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.world.practice.file.with_extension("log")).unwrap_or_default()
    }
}

impl Drop for Drill {
    fn drop(&mut self) {
        let _ = self.bot.kill();
        let _ = self.bot.wait();
    }
}

const KEY: &str = "2. 새 호스트 키 승인";
const SERVICE: &str = "5. 서비스 정상화 확인";

fn id_of(key: &Message) -> String {
    let mut ids = key.components().iter().flat_map(|row| row.components.iter()).filter_map(|one| one.custom_id.clone());
    ids.next_back().expect("a button")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_drill_can_be_rehearsed_whole() {
    let Some(world) = World::calm().await else { return };
    let drill = Drill::ready(world).await;
    let host = &drill.world.practice.host;
    let board = drill.opened().await;
    assert!(board.text().contains("목표 1시간 미만"), "{}", board.text());

    // The old machine is gone, and a new one answers: nothing is believed of it before somebody has approved its key.
    drill.world.set("new-instance", true);
    drill.by_hand(&board, "1. 새 인스턴스 생성").await;
    drill.seat("지민").select(&board, "실행할 단계를 고릅니다", &[SERVICE]).await.unwrap();
    drill.until(&board, &format!("⚠️ {SERVICE}")).await;

    // What is no address, what is out of the bot's reach, and where no machine answers.
    for (address, told) in
        [("-oProxyCommand=x", "주소로 쓸 수 없습니다"), ("10.0.0.9", "10.0.0.9"), ("127.0.0.1:1", "")]
    {
        let refused = drill.key(&board, Some(address)).await;
        assert!(refused.contains(told) && !refused.contains("SHA256"), "{address}: {refused}");
    }
    assert!(drill.key(&board, None).await.contains("스레드에 올렸습니다"));
    let shows = |m: &Message| m.text().contains("새 서버의 호스트 키") && m.text().contains(host.new_fingerprint());
    let key = drill.thread("현우", &board).wait_for(shows).await.unwrap();
    assert!(key.text().contains("ssh-keygen -lf"), "{}", key.text());

    // It is approved by who may, and only while the machine shows that very key.
    assert!(drill.approves("손님", &board, &key).await.contains("operations"));
    drill.world.set("new-instance", false);
    let changed = drill.approves("현우", &board, &key).await;
    assert!(changed.contains("승인하지 않았습니다") && changed.contains(host.fingerprint()), "{changed}");
    drill.world.set("new-instance", true);
    assert!(drill.approves("현우", &board, &key).await.contains("호스트 키를 승인했습니다"));
    drill.until(&board, &format!("✅ {KEY}")).await;
    assert!(drill.approves("지민", &board, &key).await.contains("이미 기록"));
    let shown = drill.thread("현우", &board).wait_for(|m| m.id() == key.id() && m.text().contains("현우 승인")).await;
    assert_eq!(shown.unwrap().buttons(), Vec::<String>::new());

    // It is not over before every step is well.
    let early = drill.seat("지민").click(&board, "해결됨, 종료").await.unwrap().message().await.unwrap();
    assert!(early.is_ephemeral() && early.text().contains("아직 하지 않은 단계"), "{}", early.text());
    drill.by_hand(&board, "3. S3의 최신 백업 복원").await;
    drill.by_hand(&board, "4. DNS 전환 (Elastic IP)").await;
    drill.seat("지민").select(&board, "실행할 단계를 고릅니다", &[SERVICE]).await.unwrap();
    drill.until(&board, &format!("✅ {SERVICE}")).await;

    drill.later(30);
    tokio::time::sleep(Duration::from_secs(2)).await;
    let closed = drill.seat("지민").click(&board, "해결됨, 종료").await.unwrap().message().await.unwrap();
    assert!(closed.text().contains("훈련 통과: 3") && closed.text().contains("지난 훈련"), "{}", closed.text());
    let summary = String::from_utf8(closed.files()[0].bytes.clone()).unwrap();
    for part in [host.new_fingerprint(), "현우 | 2. 새 호스트 키 승인: 호스트 키 승인", "훈련 통과"]
    {
        assert!(summary.contains(part), "{part} is missing in:\n{summary}");
    }
    let monthly = drill.world.look("monthly", "gear-freak").await;
    assert_eq!(monthly["monthly/drill"].0, "pass", "{:?}", monthly["monthly/drill"]);

    // The machine was for the drill alone: its key is forgotten at a terminal, and the bot that runs hears of it.
    let (listed, _) = drill.signoff(&["keys"]);
    assert!(listed.contains(host.new_fingerprint()) && listed.contains("현우"), "{listed}");
    assert!(drill.signoff(&["keys", "--forget", host.new_fingerprint()]).1);
    assert!(!drill.signoff(&["keys", "--forget", host.new_fingerprint()]).1, "once");
    let (record, _) = drill.signoff(&["audit", "export"]);
    let forgotten = record.lines().filter(|line| line.contains("host key forgotten")).collect::<Vec<_>>();
    assert!(forgotten.len() == 1 && forgotten[0].contains(host.new_fingerprint()), "{forgotten:?}");
    assert!(drill.signoff(&["audit", "verify"]).1);
    let patience = std::time::Instant::now() + Duration::from_secs(60);
    loop {
        let asked = drill.seat("지민").slash("daily", &[("host", "gear-freak")]).await.unwrap();
        let report = asked.wait_for(|m| m.buttons().iter().any(|button| button == "다시 점검")).await.unwrap().text();
        if report.contains("호스트 키") {
            break;
        }
        assert!(std::time::Instant::now() < patience, "it still trusts that machine:\n{report}");
        tokio::time::sleep(Duration::from_secs(3)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drill_that_takes_an_hour_has_failed_and_is_on_record() {
    let Some(world) = World::calm().await else { return };
    let drill = Drill::ready(world).await;
    let board = drill.opened().await;
    for step in ["1. 새 인스턴스 생성", "3. S3의 최신 백업 복원", "4. DNS 전환 (Elastic IP)"] {
        drill.by_hand(&board, step).await;
    }
    // The machine may be the same: its key is shown, and approved, all the same.
    assert!(drill.key(&board, None).await.contains("스레드에 올렸습니다"));
    let fingerprint = drill.world.practice.host.fingerprint();
    let shows = |m: &Message| m.text().contains("새 서버의 호스트 키") && m.text().contains(fingerprint);
    let key = drill.thread("현우", &board).wait_for(shows).await.unwrap();
    assert!(drill.approves("현우", &board, &key).await.contains("호스트 키를 승인했습니다"));
    drill.seat("지민").select(&board, "실행할 단계를 고릅니다", &[SERVICE]).await.unwrap();
    drill.until(&board, &format!("✅ {SERVICE}")).await;
    drill.later(61);
    tokio::time::sleep(Duration::from_secs(2)).await;
    let closed = drill.seat("지민").click(&board, "해결됨, 종료").await.unwrap().message().await.unwrap();
    assert!(closed.text().contains("훈련 실패"), "{}", closed.text());
    let again = drill.opened().await;
    let given_up = drill.seat("지민").click(&again, "해결 안 됨, 종료").await.unwrap().message().await.unwrap();
    assert!(given_up.text().contains("훈련 실패") && given_up.text().contains("지난 훈련: 1"), "{}", given_up.text());
}

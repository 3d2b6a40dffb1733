//! The four emergencies of the checklist (rows E1 to E4), end to end: the bot as a process, its people in a practice Discord,
//! and the box as the host. Something is really broken, the runbook is opened, its looks see it, its acts are asked for and
//! approved and really done, and the end is proved and told.

use std::fs::File;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use signoff_sandbox::{Message, PracticeDiscord, Seat};

use crate::deployment;
use crate::host::{Host, root};

/// How long an act with its proof may take: a reboot waits for three healthy containers.
const PATIENCE: Duration = Duration::from_secs(420);
const WHY: (&str, &str) = ("사유", "긴급 대응 절차에 따릅니다");

struct Emergency {
    host: Host,
    discord: PracticeDiscord,
    bot: Child,
    board: Option<Message>,
}

impl Emergency {
    /// The bot against the healthy box.
    async fn ready() -> Self {
        let host = Host::healthy_without_cpu();
        let discord = PracticeDiscord::builder().patience(PATIENCE).start().await.unwrap();
        let commands = host.folder.path().join("commands");
        let config = deployment::of_box(&root(), host.folder.path(), &commands, Some(&discord)).unwrap();
        host.write("bot.toml", &config);
        let log = File::create(host.folder.path().join("log")).unwrap();
        let bot = Command::new(env!("CARGO_BIN_EXE_signoff"))
            .args(["run", "--config"])
            .arg(host.folder.path().join("bot.toml"))
            .env("DISCORD_TOKEN", discord.token())
            .env("NO_COLOR", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        discord.wait_for_command("emergency").await.unwrap();
        Self { host, discord, bot, board: None }
    }

    fn seat(&self, who: &str) -> Seat {
        self.discord.as_user(who).in_channel("운영")
    }

    fn thread(&self, who: &str) -> Seat {
        self.discord.as_user(who).in_channel(self.board().id().to_string())
    }

    fn board(&self) -> &Message {
        self.board.as_ref().unwrap()
    }

    async fn open(&mut self, runbook: &str) {
        let asked = self.seat("지민").slash("emergency", &[("runbook", runbook), ("note", "훈련이 아닙니다")]).await;
        let board = asked.unwrap().message().await.unwrap();
        assert!(!board.is_ephemeral(), "{}", board.text());
        self.board = Some(board);
        let thread = self.board().id().to_string();
        self.discord.wait_until("a thread", || self.discord.channel_id(&thread).is_some()).await.unwrap();
        // The bot writes it down right after.
        tokio::time::sleep(Duration::from_millis(500)).await;
    }

    /// Does the step that looks, and waits until the message has it as `mark`.
    async fn looks(&self, step: &str, mark: &str) {
        let before = self.looked();
        self.seat("지민").select(self.board(), "실행할 단계를 고릅니다", &[step]).await.unwrap();
        let until = Instant::now() + PATIENCE;
        while self.looked() == before {
            assert!(Instant::now() < until, "{step} was not looked at:\n{}", self.state());
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let wanted = format!("{mark} {step}");
        let fits = |m: &Message| m.id() == self.board().id() && m.text().contains(&wanted);
        let seat = self.seat("지민").patient(Duration::from_secs(30));
        let seen = seat.wait_for(fits).await;
        assert!(seen.is_ok(), "not {wanted}:\n{}", self.state());
    }

    /// How often steps were looked at: each look posts what it found into the thread.
    fn looked(&self) -> usize {
        let reports = self.thread("지민").messages().unwrap_or_default();
        reports.iter().filter(|m| !m.text().contains("위험도 ") && !m.embeds().is_empty()).count()
    }

    /// Asks for the act of a step in the form that it opens, has 현우 approve it in the thread, and waits for its end.
    async fn acts(&self, step: &str, target: Option<&str>, end: &str) -> Message {
        let sent = self.seat("지민").select(self.board(), "실행할 단계를 고릅니다", &[step]).await.unwrap();
        let modal = sent.modal().await.unwrap();
        let mut texts = vec![WHY];
        texts.extend(target.map(|target| ("대상을 그대로 입력해 주세요", target)));
        let made = self.seat("지민").submit_modal(&modal, &texts).await.unwrap();
        let made = made.wait_for(|m| !m.text().contains("준비하고 있습니다")).await.unwrap();
        assert!(made.text().contains("올렸습니다"), "{step}: {}", made.text());
        let cards = self.thread("지민").messages().unwrap();
        let card = cards.into_iter().rfind(|m| m.text().contains("위험도 ")).expect("a card in the thread");
        // One approval, also of what takes two elsewhere.
        assert!(card.text().contains("승인 0/1"), "{}", card.text());
        let own = self.thread("지민").click(&card, "승인").await.unwrap().message().await.unwrap();
        assert!(own.is_ephemeral() && own.text().contains("자신의 요청"), "{}", own.text());
        self.thread("현우").click(&card, "승인").await.unwrap();
        let is_over = |m: &Message| {
            m.id() == card.id() && ["검증됨", "실패", "중단됨", "무효"].iter().any(|word| m.text().contains(word))
        };
        let over = self.thread("현우").wait_for(is_over).await.unwrap();
        assert!(over.text().contains(end), "{step}: not {end}:\n{}\n{}", over.text(), self.state());
        over
    }

    /// Closes it as solved; gives the summary.
    async fn closes(mut self, parts: &[&str]) -> String {
        let closed = self.seat("지민").click(self.board(), "해결됨, 종료").await.unwrap().message().await.unwrap();
        assert!(closed.text().contains("해결했습니다"), "{}", closed.text());
        let summary = String::from_utf8(closed.files()[0].bytes.clone()).unwrap();
        let mut from = 0;
        for part in parts {
            let at = summary[from..].find(part).unwrap_or_else(|| panic!("{part} is missing in:\n{summary}"));
            from += at + part.len();
        }
        self.host.signoff(&["audit", "verify"]);
        Command::new("kill").args(["-TERM", &self.bot.id().to_string()]).status().unwrap();
        // Its last edits go to the Discord that lives in this very runtime.
        while self.bot.try_wait().unwrap().is_none() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        self.discord.assert_clean().await;
        println!("{summary}");
        summary
    }

    /// What there is to see, for a failure.
    fn state(&self) -> String {
        let log = std::fs::read_to_string(self.host.folder.path().join("log")).unwrap_or_default();
        let thread = self.discord.channel(self.board().id().to_string()).transcript();
        format!("{}\n--- thread\n{thread}\n--- log\n{log}", self.board().reload().text())
    }
}

impl Drop for Emergency {
    fn drop(&mut self) {
        let _ = self.bot.kill();
        let _ = self.bot.wait();
    }
}

#[tokio::test]
#[ignore = "needs the box: tests/run brings it up"]
async fn e1_a_service_that_is_down_comes_back() {
    let mut led = Emergency::ready().await;
    let started =
        |led: &Emergency| led.host.root(&["docker", "inspect", "-f", "{{.State.StartedAt}}", "gear_freak_serverpod"]);
    led.host.root(&["docker", "stop", "gear_freak_serverpod"]);
    led.open("emergency-service-down").await;
    led.looks("1. 빠른 상태 확인", "⚠️").await;

    let before = started(&led);
    led.acts("2. 모든 컨테이너 재시작", None, "✅ 검증됨").await;
    assert_ne!(before, started(&led), "it was really restarted");
    led.looks("1. 빠른 상태 확인", "✅").await;
    led.looks("3. 로그 확인", "✅").await;

    let ids = |led: &Emergency| led.host.root(&["sh", "-c", "docker ps -q --no-trunc | sort"]);
    let before = ids(&led);
    led.acts("4. 전체 내렸다 올리기", Some("gear-freak"), "✅ 검증됨").await;
    assert_ne!(before, ids(&led), "the containers are others");

    let boot = |led: &Emergency| led.host.root(&["cat", "/proc/sys/kernel/random/boot_id"]);
    let before = boot(&led);
    led.acts("5. EC2 재부팅 (최후의 수단)", Some("gear-freak"), "✅ 검증됨").await;
    assert_ne!(before, boot(&led), "it booted");
    led.looks("1. 빠른 상태 확인", "✅").await;
    led.closes(&["이상: ❌", "요청 #1: 승인", "요청 #1: 검증됨", "요청 #2: 검증됨", "요청 #3: 검증됨", "해결됨"]).await;
}

#[tokio::test]
#[ignore = "needs the box: tests/run brings it up"]
async fn e2_a_database_that_cannot_be_reached_is_restarted() {
    let mut led = Emergency::ready().await;
    led.host.root(&["docker", "stop", "gear_freak_postgres"]);
    led.open("emergency-database").await;
    led.looks("1. PostgreSQL 상태 확인", "⚠️").await;
    let card = led.acts("3. PostgreSQL 재시작", None, "✅ 검증됨").await;
    assert!(card.text().contains("postgres"), "{}", card.text());
    led.looks("1. PostgreSQL 상태 확인", "✅").await;
    // What serverpod said of it stays in its log for half an hour: the connection itself is what is tested.
    let one = led.host.root(&["docker", "exec", "gear_freak_postgres", "psql", "-U", "postgres", "-Atc", "SELECT 1"]);
    assert_eq!(one.trim(), "1");
    led.closes(&["이상: ❌", "요청 #1: 검증됨", "1개 정상", "해결됨"]).await;
}

#[tokio::test]
#[ignore = "needs the box: tests/run brings it up"]
async fn e3_a_full_disk_gets_room_again() {
    let mut led = Emergency::ready().await;
    // An image that nobody uses, of a tenth of the disk; old backups; and the rest filled up to nine tenths.
    let fill = r#"
        set -e
        size=$(df -B1 --output=size /var/lib/docker | tail -1)
        mkdir -p /var/lib/docker/box-fill-image
        fallocate -l $((size / 10)) /var/lib/docker/box-fill-image/f
        tar -C /var/lib/docker/box-fill-image -c f | docker import - box/unused:1 >/dev/null
        rm -rf /var/lib/docker/box-fill-image
        cd /opt/gear_freak/backups; touch -d '20 days ago' *
    "#;
    led.host.root(&["sh", "-c", fill]);
    led.host.fill_disk_to(87);
    let share = |led: &Emergency| {
        let text = led.host.root(&["sh", "-c", "df --output=pcent /var/lib/docker | tail -1"]);
        text.trim().trim_end_matches('%').parse::<u32>().unwrap()
    };
    assert!(share(&led) >= 85, "{}", share(&led));
    led.open("emergency-disk-full").await;
    led.looks("1. 디스크 사용량 확인", "⚠️").await;

    // Old backups go, and the newest three that are whole stay; that alone does not make room, and it is not said that it did.
    let backups = |led: &Emergency| led.host.root(&["ls", "/opt/gear_freak/backups"]).lines().count();
    let before = backups(&led);
    // It did what it should, and nobody waits for a disk that takes more than that.
    let deleted = led.acts("3. 오래된 백업 삭제", None, "✅ 검증됨").await;
    assert!(deleted.text().contains("→ ❌ 이상"), "{}", deleted.text());
    assert!(before > 3 && backups(&led) == 3, "{before} before, {} after", backups(&led));

    // A tenth is free again: that helped, and is said so, though it takes more. The large file itself is found by hand.
    let pruned = led.acts("4. Docker 정리", None, "✅ 검증됨").await;
    assert!(pruned.text().contains("→ ⚠️ 주의"), "{}", pruned.text());
    assert!(share(&led) < 80, "{}", share(&led));
    assert_eq!(led.host.root(&["docker", "images", "-q", "box/unused"]), "");
    led.host.root(&["rm", "/var/lib/docker/box-fill"]);
    led.acts("5. 로그 정리", None, "✅ 검증됨").await;
    led.looks("1. 디스크 사용량 확인", "✅").await;
    led.closes(&["이상: ❌", "요청 #1: 검증됨", "요청 #2: 검증됨", "요청 #3: 검증됨", "해결됨"]).await;
}

/// An authority that is there: everything but the issuing is certbot's.
const CERTBOT: &str = r#"cat >/usr/local/bin/certbot <<'EOF'
#!/bin/bash
case "$*" in
  *--dry-run*) echo "Congratulations, all simulated renewals succeeded" ;;
  *renew*) for n in api insights app; do /usr/local/sbin/box-certificate $n.gear-freaks.com 90 --keep-serving; done ;;
  *) exec /usr/bin/certbot "$@" ;;
esac
EOF
chmod 755 /usr/local/bin/certbot"#;

#[tokio::test]
#[ignore = "needs the box: tests/run brings it up"]
async fn e4_an_expired_certificate_is_renewed_and_served() {
    let mut led = Emergency::ready().await;
    led.host.root(&["box-certificate", "api.gear-freaks.com", "-1"]);
    led.host.root(&["sh", "-c", CERTBOT]);
    led.open("emergency-certificate").await;
    led.looks("0. 만료일 확인", "⚠️").await;
    let served = "echo | openssl s_client -connect 127.0.0.1:443 -servername api.gear-freaks.com 2>/dev/null | openssl x509 -noout -serial -checkend 0";
    let before = led.host.root(&["sh", "-c", &format!("{served} || true")]);
    assert!(before.contains("will expire"), "{before}");
    led.acts("1. 즉시 갱신, nginx 다시 읽기", None, "✅ 검증됨").await;
    let after = led.host.root(&["sh", "-c", served]);
    led.host.root(&["rm", "-f", "/usr/local/bin/certbot"]);
    assert!(after.contains("will not expire"), "{after}");
    led.looks("2. 만료일 확인", "✅").await;
    led.closes(&["이상: ❌", "요청 #1: 검증됨", "1개 정상", "해결됨"]).await;
}

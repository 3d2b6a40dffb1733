//! A whole month, lived through with the clock moved: reminded every morning, signed in time and late, missed, handed over,
//! filed and closed, waived until the waiver ends, withdrawn and signed again. At its end the record is the team's own form,
//! and the terminal prints the same.
//!
//! `BLESS=1 cargo test --test conversations record::` writes the golden file anew.

use std::path::Path;
use std::time::Duration;

use signoff_sandbox::{ChannelView, Message, Seat};

use crate::bot::Bot;
use crate::signing::{CHANNEL, filled, opened, pressed};

const DAILY: &str = r#"
kind        = "checklist"
name_ko     = "일일체크"
title       = { ko = "일일 체크", en = "Daily check" }
description = { ko = "시험용 점검", en = "A check for tests" }
signed      = "day"

[template]
title = { ko = "일일 체크", en = "Daily check" }

  [[template.item]]
  title  = { ko = "API 응답 정상", en = "API answers" }
  checks = ["api"]

  [[template.item]]
  title  = { ko = "리소스 사용률 정상", en = "Resources are fine" }
  checks = ["disk"]

[[section]]
id    = "all"
title = { ko = "전체", en = "All" }

  [[section.check]]
  id     = "api"
  title  = { ko = "API", en = "API" }
  probe  = { kind = "shell", command = "cat FOLDER/api" }
  rules  = [{ measure = "output", fail = "!~ OK" }]

  [[section.check]]
  id     = "disk"
  title  = { ko = "디스크", en = "Disk" }
  probe  = { kind = "shell", command = "cat FOLDER/disk", number = "%" }
  show   = ["number"]
  rules  = [{ measure = "number", warn = ">= 70 %", fail = ">= 80 %" }]
"#;

const CONFIG: &str = r#"
[people.jimin]
id   = "1000000000000000201"
name = "지민"
[people.hyunwoo]
id   = "1000000000000000202"
name = "현우"

[rota.daily]
order  = ["jimin"]
turn   = "week"
starts = "2026-10-26"

[schedule.daily]
cron    = "0 9 * * *"
run     = "before"
window  = "3 h"
channel = "1000000000000000101"
overdue = { person = "1 h" }
"#;

/// The team in its month.
struct Month {
    bot: Bot,
    /// The latest reminder.
    last: Option<Message>,
}

impl Month {
    async fn begin() -> Self {
        let bot = Bot::prepare_at(&at(1, "08:55:00"), &[("daily", DAILY)], CONFIG).await;
        let month = Self { bot, last: None };
        month.measures("OK 2026", 41);
        let month = Self { bot: month.bot.started().await, last: None };
        // Schedules count from when they were first seen.
        month.bot.until_logged("what is due is kept in mind").await;
        month
    }

    /// What the host has to say from now on.
    fn measures(&self, api: &str, disk: u32) {
        self.bot.write("api", api);
        self.bot.write("disk", format!("{disk} %\n"));
    }

    fn clock(&self, day: u32, time: &str) {
        self.bot.it_is(&at(day, time));
    }

    /// Nine o'clock of `day`: the reminder is there, with its result.
    async fn morning(&mut self, day: u32) -> Message {
        self.clock(day, "09:00:02");
        let before = self.last.as_ref().map(Message::id);
        let is_new = |found: &Message| {
            before.is_none_or(|before| found.id() > before) && found.buttons().iter().any(|button| button == "서명")
        };
        let reminder = self.channel().wait_for(is_new).await.unwrap();
        self.last = Some(reminder.clone());
        reminder
    }

    fn seat(&self, name: &str) -> Seat {
        self.bot.seat(name)
    }

    /// Signs what is open at `time`, all well.
    async fn sign(&self, name: &str, day: u32, time: &str, reminder: &Message) {
        self.clock(day, time);
        let seat = self.seat(name);
        let walk = opened(&seat, &self.with_button(reminder, "서명").await, "서명").await;
        self.signed(&seat, &walk).await;
    }

    async fn signed(&self, seat: &Seat, walk: &Message) {
        let done = pressed(seat, walk, "서명하기").await;
        assert!(done.text().contains("서명했습니다"), "{}", done.text());
    }

    /// An ordinary day.
    async fn day(&mut self, day: u32) {
        let reminder = self.morning(day).await;
        if day == 1 {
            assert_eq!(reminder.pings().users, ["지민"], "{}", reminder.text());
        }
        self.sign("지민", day, "09:20:00", &reminder).await;
    }

    /// The same message, once it has that button.
    async fn with_button(&self, message: &Message, button: &str) -> Message {
        let fits = |found: &Message| found.id() == message.id() && found.buttons().iter().any(|label| label == button);
        self.channel().wait_for(fits).await.unwrap()
    }

    fn channel(&self) -> ChannelView {
        // Some things are looked for once a minute only.
        self.bot.discord.channel(CHANNEL).patient(Duration::from_secs(90))
    }

    async fn wait_for(&self, words: &str) -> Message {
        self.channel().wait_for(|found| found.text().contains(words)).await.unwrap()
    }
}

/// That time of that day of November in Seoul; the 31st is the first of December.
fn at(day: u32, time: &str) -> String {
    if day > 30 { format!("2026-12-{:02}T{time}+09:00", day - 30) } else { format!("2026-11-{day:02}T{time}+09:00") }
}

#[tokio::test]
async fn a_month_is_on_record_as_it_was_lived() {
    let mut month = Month::begin().await;
    for day in 1..=2 {
        month.day(day).await;
    }
    // The 3rd: late, after a first reminder that it is overdue.
    let reminder = month.morning(3).await;
    month.clock(3, "10:00:05");
    let overdue = month.wait_for("기한이 지났습니다").await;
    assert_eq!(overdue.pings().users, ["지민"]);
    month.sign("지민", 3, "13:20:00", &reminder).await;
    month.day(4).await;
    // The 5th: nobody signs.
    month.morning(5).await;
    month.day(6).await;
    // The 7th: the bot is down all day, and says so when it is back.
    month.clock(7, "08:50:00");
    assert_eq!(month.bot.stop().await, 0);
    month.clock(8, "08:30:00");
    month.bot.start();
    month.bot.ready().await;
    let missed = month.wait_for("누락으로 기록했습니다").await;
    assert!(missed.text().contains("담당자 @지민"), "a missed day is somebody's as well:\n{}", missed.text());
    month.day(8).await;
    // The 9th: handed over.
    let reminder = month.morning(9).await;
    let jimin = month.seat("지민");
    let whom = jimin.click(&reminder, "넘기기").await.unwrap().message().await.unwrap();
    jimin.select(&whom, "담당자 선택", &["현우"]).await.unwrap().first_answer().await.unwrap();
    month.wait_for("@지민 → @현우").await;
    month.sign("현우", 9, "09:40:00", &reminder).await;
    for day in 10..=11 {
        month.day(day).await;
    }
    // The 12th: the disk fills up. It is filed, and signed with that.
    month.measures("OK 2026", 85);
    let reminder = month.morning(12).await;
    assert!(reminder.text().contains("이상 1"), "{}", reminder.text());
    month.clock(12, "09:30:00");
    let walk = opened(&jimin, &reminder, "서명").await;
    let form = pressed(&jimin, &walk, "이슈로 등록").await;
    let walk = pressed(&jimin, &form, "등록").await;
    assert!(walk.text().contains("발견 이슈 F1"), "{}", walk.text());
    month.signed(&jimin, &walk).await;
    // The 13th: it is cleaned up, and the finding closed.
    month.measures("OK 2026", 44);
    month.day(13).await;
    month.clock(13, "11:00:00");
    let list = jimin.slash("findings", &[]).await.unwrap().message().await.unwrap();
    jimin.select(&list, "이슈 고르기", &["F1 디스크"]).await.unwrap().first_answer().await.unwrap();
    let one = filled(&jimin, &list.reload(), "닫기", &[("조치한 내용", "오래된 로그를 지웠습니다")]).await;
    assert!(one.text().contains("닫힘"), "{}", one.text());
    for day in 14..=15 {
        month.day(day).await;
    }
    // The 16th: a warning is waived until the 18th at noon; its end is announced a day before; then it stands again.
    month.measures("OK 2026", 75);
    let reminder = month.morning(16).await;
    month.clock(16, "09:15:00");
    let walk = opened(&jimin, &reminder, "서명").await;
    let waiver = [("유예 사유", "수요일에 디스크를 늘립니다"), ("until", "2026-11-18 12:00")];
    let walk = filled(&jimin, &walk, "유예", &waiver).await;
    month.signed(&jimin, &walk).await;
    let reminder = month.morning(17).await;
    assert!(reminder.text().contains("⏳ 유예 1"), "{}", reminder.text());
    month.sign("지민", 17, "09:20:00", &reminder).await;
    month.clock(17, "12:00:30");
    let ends = month.wait_for("유예 종료 예정").await;
    assert!(ends.text().contains("수요일에 디스크를 늘립니다"), "{}", ends.text());
    month.day(18).await;
    let reminder = month.morning(19).await;
    assert!(reminder.text().contains("주의 1"), "the waiver is over:\n{}", reminder.text());
    month.clock(19, "09:30:00");
    let walk = opened(&jimin, &reminder, "서명").await;
    let walk = filled(&jimin, &walk, "메모 남기기", &[("text", "오늘 오후에 늘립니다")]).await;
    let walk = filled(&jimin, &walk, "✏️ 메모", &[("메모", "디스크 증설이 하루 늦어졌습니다.")]).await;
    month.signed(&jimin, &walk).await;
    month.measures("OK 2026", 38);
    for day in 20..=23 {
        month.day(day).await;
    }
    // The 24th: signed, withdrawn, and signed again by somebody else.
    month.day(24).await;
    let hyunwoo = month.seat("현우");
    let reminder = month.last.clone().unwrap();
    let shown = opened(&hyunwoo, &month.with_button(&reminder, "서명 보기").await, "서명 보기").await;
    let withdrawal = hyunwoo.click(&shown, "서명 철회").await.unwrap().modal().await.unwrap();
    let sent = hyunwoo.submit_modal(&withdrawal, &[("철회 사유", "다른 서버를 보고 있었습니다")]).await.unwrap();
    sent.first_answer().await.unwrap();
    month.sign("현우", 24, "09:50:00", &reminder).await;
    for day in 25..=30 {
        month.day(day).await;
    }

    // The month is over.
    month.clock(31, "08:00:00");
    let ask = async |command: &str, options: &[(&str, &str)]| {
        jimin.slash(command, options).await.unwrap().message().await.unwrap()
    };
    let glance = ask("history", &[("checklist", "daily"), ("period", "2026-11")]).await;
    for part in [
        "서명 27 · 늦게 서명 1 · 누락 2",
        "11/05 지민 · 11/07",
        "11/03 지민 (<t:17936796",
        "지민 26 · 현우 2",
        "11/12 이상",
    ] {
        assert!(glance.text().contains(part), "{part} is missing in:\n{}", glance.text());
    }
    let report = ask("report", &[("period", "2026-11")]).await;
    let form = report.files()[0].text();
    assert_golden("month.md", &form);
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_signoff"))
        .args(["export", "daily", "--period", "2026-11", "--format", "markdown", "--config"])
        .arg(month.bot.path("bot.toml"))
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim_end(), form.trim_end(), "the terminal prints the same");
    month.bot.finish().await;
}

fn assert_golden(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/forms").join(name);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, found).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == expected, "{name}:\n--- expected\n{expected}\n--- found\n{found}");
}

//! Killed on the way of what somebody does alone, while it is reviewed, and while a host is released: each word counts once,
//! and what was begun is never begun again.

use signoff_sandbox::Message;

use crate::gate_kills::{Stop, held, killed_at};
use crate::gated::{Gated, RESTART, cards, is_card};

const ALONE: &str = "[gate.break_glass]\nroles = [\"operations\"]\nwait = \"30 s\"\n";
const FOUND: &str = "로그를 보니 필요했습니다";
const LOOKED: &str = "컨테이너가 정상입니다";

/// 지민 waits no longer for anybody; gives the card.
async fn alone(gated: &Gated) -> Message {
    let card = gated.asked().await;
    let seat = gated.bot.seat("지민");
    let before = cards(&seat);
    let modal = seat.click(&card, "긴급 단독 실행").await.unwrap().modal().await.unwrap();
    seat.submit_modal(&modal, &[("사유", "새벽이라 아무도 없습니다")]).await.unwrap();
    let alone = seat.wait_for(|m| is_card(m) && !before.contains(&m.id())).await.unwrap();
    gated.until(&card, "🔁 대체됨").await;
    gated.sql("UPDATE request SET not_before = not_before - 60000 WHERE state = 'requested'").await;
    gated.until(&alone, "대기 시간이 끝나").await
}

async fn goes_ahead(gated: &Gated, card: &Message) {
    gated.bot.seat("지민").click(card, "단독 실행").await.unwrap();
    gated.until(card, "✅ 검증됨").await;
}

/// 현우 fills in the form of a button below the card.
async fn says(gated: &Gated, card: &Message, (button, field, words): (&str, &str, &str)) {
    let seat = gated.bot.seat("현우");
    let modal = seat.click(card, button).await.unwrap().modal().await.unwrap();
    seat.submit_modal(&modal, &[(field, words)]).await.unwrap();
    gated.until(card, words).await;
}

const REVIEW: (&str, &str, &str) = ("사후 검토", "검토 결과", FOUND);
const RELEASE: (&str, &str, &str) = ("확인했습니다", "확인한 내용", LOOKED);

#[tokio::test]
async fn killed_while_somebody_goes_ahead_alone_and_is_reviewed() {
    let mut states = Vec::new();
    for kind in [Stop::Before, Stop::Write] {
        for number in 0.. {
            let mut gated = held(Gated::with(RESTART, ALONE).await);
            let card = alone(&gated).await;
            let flow = async |gated: &Gated| {
                goes_ahead(gated, &card).await;
                let done = gated.until(&card, "✅ 검증됨").await;
                says(gated, &done, REVIEW).await;
            };
            let Some(state) = killed_at(&mut gated, kind(number), flow).await else {
                gated.bot.finish().await;
                break;
            };
            let ended = match state.as_deref() {
                Some("requested") => {
                    goes_ahead(&gated, &card).await;
                    "✅ 검증됨"
                }
                Some("approved") => {
                    let waits = gated.until(&card, "☑️ 승인됨").await;
                    assert_eq!(gated.acts(), Vec::<String>::new(), "nothing begins by itself");
                    gated.bot.seat("지민").click(&waits, "지금 실행").await.unwrap();
                    "✅ 검증됨"
                }
                Some("running") => "🆘 중단됨",
                Some("verified") => "✅ 검증됨",
                other => panic!("a request that is {other:?}"),
            };
            let ended = gated.until(&card, ended).await;
            let found = "SELECT note FROM review WHERE reviewed_at IS NOT NULL";
            if gated.audit(found).await.is_empty() {
                says(&gated, &ended, REVIEW).await;
            }
            gated.until(&card, FOUND).await;
            assert_eq!(gated.audit(found).await, [FOUND], "reviewed once");
            assert!(gated.acts().len() <= 1, "once, or not at all: {:?}", gated.acts());
            assert_eq!(gated.audit_command(&["verify"]).1, 0);
            states.extend(state);
            gated.bot.finish_killed().await;
        }
    }
    for state in ["requested", "approved", "running", "verified"] {
        assert!(states.iter().any(|found| found == state), "never killed while {state}: {states:?}");
    }
}

#[tokio::test]
async fn killed_while_a_host_is_released() {
    for kind in [Stop::Before, Stop::After, Stop::Write] {
        for number in 0.. {
            let mut gated = held(Gated::new().await);
            let card = gated.asked().await;
            let approve = async |gated: &Gated| {
                gated.bot.seat("현우").click(&card, "승인").await.unwrap();
                gated.until(&card, "✅ 검증됨").await;
            };
            assert!(killed_at(&mut gated, Stop::Act, approve).await.is_some());
            let _ = std::fs::remove_file(gated.bot.path("hold"));
            let told = gated.until(&card, "🆘 중단됨").await;
            let flow = async |gated: &Gated| says(gated, &told, RELEASE).await;
            let Some(_) = killed_at(&mut gated, kind(number), flow).await else {
                gated.bot.finish_killed().await;
                break;
            };
            let held = "SELECT host FROM host_lock WHERE released_at IS NULL";
            if !gated.audit(held).await.is_empty() {
                let told = gated.until(&card, "🆘 중단됨").await;
                says(&gated, &told, RELEASE).await;
            }
            gated.until(&card, LOOKED).await;
            assert_eq!(gated.audit(held).await, Vec::<String>::new());
            assert_eq!(gated.audit_command(&["verify"]).1, 0);

            let next = gated.asked().await;
            gated.bot.seat("현우").click(&next, "승인").await.unwrap();
            gated.until(&next, "✅ 검증됨").await;
            assert_eq!(gated.acts().len(), 2, "the one that was cut off, and the one after");
            gated.bot.finish_killed().await;
        }
    }
}

#[tokio::test]
async fn a_bot_that_is_told_to_stop_sees_its_act_to_its_end() {
    let mut gated = Gated::new().await;
    gated.bot.write("hold", "");
    let card = gated.asked().await;
    gated.bot.seat("현우").click(&card, "승인").await.unwrap();
    gated.until(&card, "▶️ 실행 중").await;
    gated.bot.signal("-TERM");
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    std::fs::remove_file(gated.bot.path("hold")).unwrap();
    gated.until(&card, "✅ 검증됨").await;
    assert_eq!(gated.bot.ended().await, 0);
    assert_eq!(gated.state().await.as_deref(), Some("verified"));
    assert_eq!(gated.acts(), ["serverpod"]);
}

#[tokio::test]
async fn an_act_whose_end_could_not_be_kept_is_found_while_the_bot_lives() {
    let gated = Gated::new().await;
    let card = gated.asked().await;
    gated.bot.seat("현우").click(&card, "승인").await.unwrap();
    gated.until(&card, "✅ 검증됨").await;
    // As it stands where the disk was full for as long as the bot tried to keep the end.
    gated.sql("UPDATE request SET state = 'running', ended_at = NULL WHERE id = 1").await;
    let patient = gated.bot.seat("지민").patient(std::time::Duration::from_secs(40));
    let told = patient.wait_for(|m| m.id() == card.id() && m.text().contains("🆘 중단됨")).await.unwrap();
    assert!(told.text().contains("직접 확인"), "{}", told.text());
    assert_eq!(gated.acts(), ["serverpod"], "found, not repeated");
    gated.bot.finish().await;
}

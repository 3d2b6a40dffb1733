//! Whether what was signed is still what was signed: `signoff audit verify` names the first sign-off whose result, or which
//! itself, somebody changed behind the bot's back.

use crate::bot::Bot;
use crate::signing::{bot, report, sign, sql};

/// `signoff audit verify`: what it printed, and its exit status.
fn verify(bot: &Bot) -> (String, i32) {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_signoff"))
        .args(["audit", "verify", "--config"])
        .arg(bot.path("bot.toml"))
        .output()
        .unwrap();
    (String::from_utf8_lossy(&output.stdout).into_owned(), output.status.code().unwrap_or(-1))
}

/// A bot with two sign-offs, the first of them withdrawn: what was signed once is never forgotten.
async fn twice_signed() -> Bot {
    let bot = bot().await;
    let jimin = bot.seat("지민");
    let first = report(&jimin).await;
    sign(&bot, &jimin, &first, "지민").await;
    let shown = crate::signing::opened(&jimin, &first, "서명 보기").await;
    crate::signing::filled(&jimin, &shown, "서명 철회", &[("철회 사유", "다시 봅니다")]).await;
    bot.write("calm", "13\n");
    let second = report(&jimin).await;
    sign(&bot, &jimin, &second, "지민").await;
    bot
}

#[tokio::test]
async fn every_sign_off_signs_what_is_kept_until_somebody_changes_a_byte() {
    let bot = twice_signed().await;
    let (said, status) = verify(&bot);
    assert!(said.contains("서명 2건이 모두") && status == 0, "{status}: {said}");
    let told = bot.seat("지민").slash("audit verify", &[]).await.unwrap().message().await.unwrap();
    assert!(told.is_ephemeral() && told.text().contains("서명 2건이 모두"), "{}", told.text());

    // A byte of what a check printed, in the first of the two.
    sql(&bot, "UPDATE evidence SET output = replace(output, '12', '11') WHERE run = 1;").await;
    let (said, status) = verify(&bot);
    assert_eq!(status, 2, "{said}");
    assert!(said.contains("#1 점검 결과가 서명한 뒤 바뀌었습니다") && said.contains("지민"), "{said}");
    assert!(said.contains("기록 사슬이 온전합니다"), "the chain of deeds is another matter:\n{said}");
    let told = bot.seat("지민").slash("audit verify", &[]).await.unwrap().message().await.unwrap();
    assert!(told.text().contains("#1 점검 결과가 서명한 뒤 바뀌었습니다"), "{}", told.text());
    sql(&bot, "UPDATE evidence SET output = replace(output, '11', '12') WHERE run = 1;").await;
    assert_eq!(verify(&bot).1, 0, "changed back, it is what was signed");
    bot.finish().await;
}

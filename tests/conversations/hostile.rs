//! What a host prints can hold anything; in Discord it stays what a host printed.

use crate::bot::{Bot, is_report};

#[tokio::test]
async fn a_log_full_of_mentions_fences_and_colours_stays_a_log() {
    let bot = Bot::small().await;
    let hostile = "99 @everyone @here <@1000000000000000021> ```rust\nfn x() {}``` \u{1b}[31mred\u{1b}[0m **bold** [x](https://example.com)\n";
    bot.write("calm", hostile.repeat(20));
    let jimin = bot.seat("지민");
    let report = jimin.slash("daily", &[]).await.unwrap().wait_for(is_report).await.unwrap();
    assert!(report.pings().is_nobody());
    let details = jimin.click(&report, "자세히").await.unwrap().message().await.unwrap();
    assert!(details.pings().is_nobody());
    let check = jimin.select(&details, "check:1", &["calm"]).await.unwrap().message().await.unwrap();
    assert!(check.pings().is_nobody());
    assert!(!check.text().contains('\u{1b}'), "{}", check.text());
    assert!(check.text().contains("red"));
    for embed in check.embeds() {
        for field in &embed.fields {
            assert_eq!(field.value.matches("```").count() % 2, 0, "an open fence in {}", field.value);
        }
    }
    bot.finish().await;
}

#[tokio::test]
async fn a_line_of_ten_megabytes_and_bytes_that_are_no_text_are_cut_and_come_as_a_file() {
    let bot = Bot::small().await;
    let mut bytes = b"95 ".to_vec();
    bytes.extend(std::iter::repeat_n(b'x', 10_000_000));
    bytes.extend([0xff, 0xfe, b'\n']);
    bot.write("calm", bytes);
    let jimin = bot.seat("지민");
    let report = jimin.slash("daily", &[]).await.unwrap().wait_for(is_report).await.unwrap();
    assert!(report.text().contains("❌ 이상 1"), "{}", report.text());
    let details = jimin.click(&report, "자세히").await.unwrap().message().await.unwrap();
    let check = jimin.select(&details, "check:1", &["calm"]).await.unwrap().message().await.unwrap();
    assert_eq!(check.files().len(), 1);
    bot.finish().await;
}

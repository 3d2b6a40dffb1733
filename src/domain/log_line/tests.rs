use proptest::prelude::*;

use super::normal::{CHANGING, LOGFMT, PATTERN_LENGTH};
use super::stated::KEYED;
use super::*;

#[test]
fn every_pattern_is_one() {
    for pattern in [&*SUSPECT, &*KEYED, &*HEAD, &*CHANGING, &*LOGFMT] {
        assert!(pattern.is_some());
    }
}

fn all_are(severity: Severity, lines: &[&str]) {
    for line in lines {
        assert_eq!(super::severity(line), severity, "{line}");
    }
}

#[test]
fn a_level_is_read_where_there_is_one() {
    all_are(
        Severity::Error,
        &[
            "[ERROR] cannot reach the store",
            "2026-11-22 09:00:00.123456Z [LOG] ERROR | session=12 | message=payment failed",
            "2026-11-22 09:00:00.123456Z    1234567 LOG            ERROR                     message=payment failed",
            "2026-11-22 09:00:00.123456Z    1234567 ERROR          n/a                       DatabaseException: gone",
            "ERROR: relation \"users\" does not exist",
            "ERROR:root:something",
            "2026-11-22 09:00:00,123 ERROR [main] c.g.F - out of cheese",
            "2026-11-22 09:00:00.123 UTC [77] ERROR:  deadlock detected",
            "2026-11-22T09:00:00.123Z ERROR signoff::host: no route",
            "2026/11/22 09:00:00 [error] 31#31: *1 connect() failed (111: Connection refused)",
            "Nov 22 09:00:00 gear-freak app[123]: ERROR could not write",
            "time=2026-11-22T09:00:00Z level=error msg=\"no space left\"",
            "t=2026-11-22 lvl=eror msg=\"no space left\"",
            "{\"level\":\"error\",\"msg\":\"no space left\"}",
            "{\"time\":1,\"level\": 50,\"msg\":\"no space left\"}",
            "{\"logLevel\":3,\"message\":\"no\"}",
            "{\"log\":{\"level\":\"ERROR\"},\"message\":\"no\"}",
            "E1122 09:00:00.123456       1 server.go:42] no",
            "<11>Nov 22 09:00:00 host app: no",
            "[SEVERE] serverpod: no",
            "SEVERE: 2026-11-22 09:00:00.000: no",
            "[2026-11-22 09:00:00] production.ERROR: no (Error: x)",
            "serverpod_1  | ERROR: no",
            "[Server thread/ERROR]: no",
            "error: could not compile",
            "npm ERR! code E404",
            "ERROR: no space left on device",
            "ERROR: no route: 10.0.0.1",
            "error: none of the nodes answered",
            "error: 0 bytes read",
            "\u{1b}[31mERROR\u{1b}[0m no",
            "\u{1b}[31m[error]\u{1b}[0m no",
        ],
    );
}

#[test]
fn what_is_worse_than_an_error_is_critical() {
    all_are(
        Severity::Critical,
        &[
            "[CRITICAL] disk is gone",
            "FATAL:  password authentication failed for user \"gear\"",
            "2026-11-22 09:00:00.123 UTC [77] FATAL:  the database system is shutting down",
            "PANIC:  could not write to file",
            "panic: runtime error: index out of range",
            "fatal error: all goroutines are asleep - deadlock!",
            "2026/11/22 09:00:00 [emerg] 1#1: bind() to 0.0.0.0:80 failed",
            "2026/11/22 09:00:00 [crit] 31#31: no",
            "2026/11/22 09:00:00 [alert] 31#31: no",
            "level=fatal msg=x",
            "{\"severity\":\"CRITICAL\",\"message\":\"x\"}",
            "{\"level\":60,\"msg\":\"x\"}",
            "{\"logLevel\":4,\"message\":\"x\"}",
            "F1122 09:00:00.123456 1 server.go:42] no",
            "<2>kernel: Out of memory",
            "a critical fault occurred",
            "치명적인 문제가 발생했습니다",
        ],
    );
}

#[test]
fn a_stated_level_outranks_the_words_of_the_message() {
    all_are(
        Severity::Other,
        &[
            "[INFO] error handler registered",
            "2026-11-22 09:00:00 INFO  FATAL was fixed",
            "WARN connection error, trying again",
            "{\"level\":\"info\",\"msg\":\"no ERROR here, level=error was set\"}",
            "{\"level\":30,\"msg\":\"recovered from error\"}",
            "level=warning msg=\"error rate is up\"",
            "2026-11-22 09:00:00.123 UTC [77] LOG:  error log opened",
            "2026-11-22 09:00:00.123 UTC [77] STATEMENT:  SELECT error FROM t",
            "2026-11-22 09:00:00.123456Z [LOG] INFO | session=12 | message=error page shown",
            "I1122 09:00:00.123456 1 server.go:42] error budget",
            "<14>Nov 22 09:00:00 host app: error budget",
            "DEBUG panic button pressed",
        ],
    );
}

#[test]
fn words_count_where_no_level_is_stated() {
    all_are(
        Severity::Error,
        &[
            "Unhandled exception:",
            "Traceback (most recent call last):",
            "SocketException: Connection refused (OS Error: Connection refused, errno = 111)",
            "TypeError: Cannot read properties of undefined",
            "2026-11-22 09:00:00.123456Z error=PostgreSQLException: gone",
            "an error occurred while writing",
            "Internal server error. #0",
            "request failed: err=EOF",
            "{\"msg\":\"db\",\"error\":\"connection refused\"}",
            "3 errors",
            "DB 연결 오류가 발생했습니다",
            "에러: 파일을 찾을 수 없음",
        ],
    );
}

#[test]
fn none_is_none() {
    all_are(
        Severity::Other,
        &[
            "",
            "{}",
            "0 errors",
            "done with 0 errors and 0 warnings",
            "No errors found",
            "no new errors",
            "finished without error",
            "errors: 0",
            "errors: 0 in 3 files",
            "errors: 0 warnings: 1",
            "error=null user=5",
            "errors=0",
            "errors 0",
            "error count: 0",
            "error rate = 0.0 %",
            "error=null",
            "error: null",
            "Error: none",
            "ERROR: 0",
            "Found 0 ERROR lines",
            "NO ERROR",
            "{\"msg\":\"ok\",\"error\":null}",
            "{\"msg\":\"ok\",\"error\":\"\",\"errors\":[]}",
            "GET /error HTTP/1.1 200",
            "reading /var/log/error.log",
            "error.html was cached",
            "registered onError",
            "error-handler installed, error_log is /dev/stderr",
            "non-fatal, goes on",
            "not critical",
            "critical path took 3 ms",
            "#3      Foo.onException (package:gear/error.dart:12:3)",
            "    at java.lang.Error.throw(Error.java:1)",
            "2026-11-22 09:00:00.123456Z stackTrace=#0 SocketException",
            "terror, mirrors, errand",
            "오류 없음",
            "오류가 없습니다",
            "에러 0건",
            "오류: 0",
        ],
    );
}

#[test]
fn escapes_and_control_characters_go() {
    for (text, expected) in [
        ("\u{1b}[1;31mred\u{1b}[0m", "red"),
        ("\u{1b}]8;;http://x\u{7}link\u{1b}]8;;\u{1b}\\", "link"),
        ("a\u{1b}(Bb\u{1b}cc", "abc"),
        ("\u{9b}31mred", "red"),
        ("bell\u{7} null\u{0} back\u{8}", "bell null back"),
        ("left\u{202e}right\ttab", "leftright\ttab"),
        ("broken \u{1b}[", "broken "),
        ("한국어", "한국어"),
    ] {
        assert_eq!(plain(text), expected);
    }
}

#[test]
fn lines_of_one_fault_become_the_same() {
    for (one, other, expected) in [
        (
            "2026-11-22 09:00:00.123Z [ERROR] order 1234 took 12.5ms",
            "2026-11-22 09:07:41.999Z [ERROR] order 9 took 7ms",
            "[ERROR] order <n> took <n>ms",
        ),
        (
            "ERROR connection to 10.0.0.1:5432 refused",
            "ERROR connection to 10.0.0.2:5432 refused",
            "ERROR connection to <ip> refused",
        ),
        (
            "ERROR user 'kim' (7b1f0c9e-3c5d-4a3b-9a54-0c4d6a2f1e11) not found",
            "ERROR user 'lee' (00000000-3c5d-4a3b-9a54-0c4d6a2f1e11) not found",
            "ERROR user '…' (<id>) not found",
        ),
        ("ERROR: relation \"a\" is gone", "ERROR: relation \"b\" is gone", "ERROR: relation \"…\" is gone"),
        (
            "{\"ts\":1,\"level\":\"error\",\"msg\":\"order 12 lost\",\"error\":\"EOF\"}",
            "{\"ts\":2,\"level\":\"error\",\"msg\":\"order 13 lost\",\"error\":\"EOF\"}",
            "order <n> lost: EOF",
        ),
        (
            "time=1 level=error msg=\"order 12 lost\" err=\"EOF\"",
            "time=2 level=error msg=\"order 13 lost\" err=\"EOF\"",
            "order <n> lost: EOF",
        ),
        ("\u{1b}[31mERROR\u{1b}[0m at 0x7ffdeadbeef", "ERROR at 0x1", "ERROR at <id>"),
        ("can't write block 1, won't retry", "can't write block 2, won't retry", "can't write block <n>, won't retry"),
        ("mail to kim@example.com bounced", "mail to lee@example.kr bounced", "mail to <mail> bounced"),
        ("commit deadbee1 failed", "commit 1234567a failed", "commit <id> failed"),
    ] {
        assert_eq!(normalise(one), expected);
        assert_eq!(normalise(other), expected);
    }
}

#[test]
fn different_faults_stay_different() {
    for (one, other) in [
        ("{\"level\":\"error\",\"msg\":\"no space\"}", "{\"level\":\"error\",\"msg\":\"no route\"}"),
        ("level=error msg=\"no space\"", "level=error msg=\"no route\""),
        ("ERROR: connection refused", "ERROR: connection reset"),
    ] {
        assert_ne!(normalise(one), normalise(other));
    }
}

proptest! {
    #[test]
    fn any_line_can_be_read(line in "\\PC{0,300}|(\\x1b|\\[|[a-z0-9 ;'\"{}:=])*") {
        let _ = severity(&line);
        let normal = normalise(&line);
        prop_assert!(normal.chars().count() <= PATTERN_LENGTH);
        prop_assert!(!normal.bytes().any(|byte| byte.is_ascii_digit()), "{normal}");
        let escapes = plain(&line).matches('\u{1b}').count();
        prop_assert_eq!(escapes, 0);
    }

    #[test]
    fn colour_changes_nothing(word in "(ERROR|INFO|error|fatal|panic):? [a-z ]{0,20}") {
        let coloured = format!("\u{1b}[31m{word}\u{1b}[0m");
        prop_assert_eq!(severity(&coloured), severity(&word));
        prop_assert_eq!(normalise(&coloured), normalise(&word));
    }

    #[test]
    fn numbers_do_not_tell_lines_apart(one in 0u32.., other in 0u32..) {
        let line = |number| format!("ERROR order {number} of user {number} is lost");
        prop_assert_eq!(normalise(&line(one)), normalise(&line(other)));
    }
}

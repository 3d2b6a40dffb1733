//! What runs inside the containers: PostgreSQL's programs and redis-cli, as far as checks, backups and restores ask them.

use serde_json::json;

use super::{Answer, Input};
use crate::host::core::Host;
use crate::host::files::backups;

/// How many people have signed up.
const USERS: u32 = 2000;

/// The tables with their sizes in bytes, the largest first.
const TABLES: [(&str, u64); 5] = [
    ("product", 88_100_864),
    ("chat_message", 41_205_760),
    ("\"user\"", 9_166_848),
    ("review", 4_210_688),
    ("serverpod_log", 2_121_728),
];

/// A program inside of a container.
pub(super) async fn exec(host: &Host, service: &str, words: &[&str], input: &mut Input<'_>) -> std::io::Result<Answer> {
    let Some((program, arguments)) = words.split_first() else { return Ok(Answer::fails(1, "no command\n")) };
    Ok(match (service, *program) {
        ("postgres", "psql") => psql(host, arguments, input).await?,
        ("postgres", "pg_dump") => {
            let (seed, now) = (host.look(|model| model.seed), host.clock.now());
            Answer::says(backups::dump(seed, now))
        }
        ("postgres", "createdb") => {
            let name = last(arguments);
            if host.change(|model| model.databases.insert(name.clone())) {
                Answer::default()
            } else {
                Answer::fails(
                    1,
                    format!("createdb: error: database creation failed: ERROR:  database \"{name}\" already exists\n"),
                )
            }
        }
        ("postgres", "dropdb") => {
            let name = last(arguments);
            if host.change(|model| model.databases.remove(&name)) || arguments.contains(&"--if-exists") {
                Answer::default()
            } else {
                Answer::fails(
                    1,
                    format!("dropdb: error: database removal failed: ERROR:  database \"{name}\" does not exist\n"),
                )
            }
        }
        ("postgres", "pg_isready") => Answer::says("/var/run/postgresql:5432 - accepting connections\n"),
        ("redis", "redis-cli") => Answer::says("PONG\n"),
        (_, "true") => Answer::default(),
        (_, "df") => {
            let (size, used) = (crate::host::model::machine::DISK, host.look(crate::host::model::Model::disk_used));
            let [size, used, left] = [size, used, size - used].map(|bytes| bytes / 1024);
            Answer::says(format!(
                "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/root {size} {used} {left} {}% /\n",
                used * 100 / size.max(1)
            ))
        }
        (_, "sh" | "bash" | "cat" | "ls" | "env") => {
            Answer::fails(126, format!("{program}: the practice host runs no shell inside of its containers\n"))
        }
        _ => Answer::fails(
            127,
            format!("OCI runtime exec failed: exec failed: \"{program}\": executable file not found in $PATH\n"),
        ),
    })
}

fn last(arguments: &[&str]) -> String {
    arguments.iter().rev().find(|word| !word.starts_with('-')).map(|word| (*word).to_owned()).unwrap_or_default()
}

/// `-Atc` is `-A -t -c`.
fn spread<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    const SINGLE: [(&str, &str); 4] = [("-A", "A"), ("-t", "t"), ("-q", "q"), ("-X", "X")];
    let mut spread = Vec::new();
    for word in arguments {
        let letters = word.strip_prefix('-').filter(|letters| !letters.starts_with('-') && letters.len() > 1);
        let last =
            letters.and_then(|letters| ["-c", "-d", "-U"].into_iter().find(|last| letters.ends_with(&last[1..])));
        match letters.filter(|letters| letters.chars().all(|letter| "AtqXcdU".contains(letter))) {
            Some(letters) => {
                spread.extend(SINGLE.iter().filter(|(_, letter)| letters.contains(letter)).map(|(word, _)| *word));
                spread.extend(last);
            }
            None => spread.push(*word),
        }
    }
    spread
}

async fn psql(host: &Host, arguments: &[&str], input: &mut Input<'_>) -> std::io::Result<Answer> {
    let arguments = spread(arguments);
    let value = |names: [&str; 2]| {
        arguments.iter().enumerate().find_map(|(index, word)| {
            if names.contains(word) {
                return arguments.get(index + 1).copied();
            }
            names.iter().find_map(|name| word.strip_prefix(&format!("{name}=")))
        })
    };
    let database = value(["-d", "--dbname"]).unwrap_or("postgres").to_owned();
    if !host.look(|model| model.databases.contains(&database)) {
        return Ok(Answer::fails(2, format!("psql: error: FATAL:  database \"{database}\" does not exist\n")));
    }
    let sql = match value(["-c", "--command"]) {
        Some(sql) => sql.to_owned(),
        None => String::from_utf8_lossy(&input.read().await?).into_owned(),
    };
    let bare = arguments.contains(&"-t");
    Ok(say(host, &sql, bare))
}

/// The answer to what is asked. Whatever this database does not know, it says so, and ends as `psql` does.
fn say(host: &Host, sql: &str, bare: bool) -> Answer {
    let flat = sql.split_whitespace().collect::<Vec<_>>().join(" ");
    let lower = flat.to_lowercase();
    let table = |title: &str, value: &str| {
        if bare {
            format!("{value}\n")
        } else {
            format!(" {title} \n{}\n {value}\n(1 row)\n\n", "-".repeat(title.len() + 2))
        }
    };
    if lower.contains("postgresql database dump") {
        return if lower.contains("postgresql database dump complete") {
            Answer::says("SET\nCREATE TABLE\nCOPY 1200\n")
        } else {
            Answer::fails(3, "ERROR:  unexpected end of the dump\n")
        };
    }
    if lower.contains("json_build_object") && lower.contains("pg_database_size") {
        let tables: Vec<_> = TABLES.iter().map(|(name, size)| json!({"name": name, "size": size})).collect();
        return Answer::says(format!("{}\n", json!({"size": 171_000_000_u64, "tables": tables})));
    }
    if lower.contains("json_build_object") && lower.contains("pg_stat_statements") {
        let slow = |mean: f64, calls: u32, query: &str| json!({"mean": mean, "calls": calls, "query": query});
        let slowest = [
            slow(41.2, 8120, "SELECT * FROM product WHERE title ILIKE $1 ORDER BY created_at DESC LIMIT $2"),
            slow(12.9, 22_110, "SELECT * FROM chat_message WHERE room_id = $1 ORDER BY id DESC LIMIT $2"),
            slow(3.1, 91_002, "SELECT * FROM \"user\" WHERE id = $1"),
        ];
        return Answer::says(format!("{}\n", json!({"calls": 121_232, "total": 1_031_000.0, "slowest": slowest})));
    }
    if lower.contains("explain (analyze") {
        let plan = json!([{
            "Plan": {"Node Type": "Limit", "Actual Rows": 20, "Actual Total Time": 0.61, "Plans": [
                {"Node Type": "Index Scan", "Relation Name": "product", "Index Name": "product_created_at", "Actual Rows": 20, "Actual Total Time": 0.58}
            ]},
            "Planning Time": 0.21, "Execution Time": 0.74
        }]);
        return Answer::says(format!("{plan}\n"));
    }
    if lower.contains("count(*)") {
        return Answer::says(table("count", &USERS.to_string()));
    }
    if lower.contains("show data_directory") {
        return Answer::says(table("data_directory", "/var/lib/postgresql/data"));
    }
    if let Some(made) = flat.split("format('").nth(1).and_then(|rest| rest.split(" TEMPLATE").next()) {
        return Answer::says(table("format", made));
    }
    if lower.contains("version()") {
        return Answer::says(table("version", "PostgreSQL 15.8 (Debian 15.8-1.pgdg120+1) on x86_64-pc-linux-gnu"));
    }
    if lower.contains("pg_size_pretty(pg_database_size") {
        return Answer::says(table("db_size", "163 MB"));
    }
    if lower.contains("pg_database_size") {
        return Answer::says(table("pg_database_size", "171000000"));
    }
    if lower.contains("from pg_database") {
        return databases(host, &flat, &lower);
    }
    if lower.starts_with("select 1") {
        return Answer::says(table("?column?", "1"));
    }
    define(host, &flat, &lower)
}

/// Which databases there are: all, those of one name, or those of a pattern.
fn databases(host: &Host, flat: &str, lower: &str) -> Answer {
    let quoted = |after: &str| {
        let at = lower.find(after)?;
        flat.get(at + after.len()..)?.split('\'').nth(1).map(str::to_owned)
    };
    let (exact, pattern) = (quoted("datname ="), quoted("datname like"));
    if lower.contains(" where ") && exact.is_none() && pattern.is_none() {
        return Answer::fails(1, format!("ERROR:  the practice database does not know this condition: {flat}\n"));
    }
    let names = host.look(|model| model.databases.clone());
    let asked = names.iter().filter(|name| exact.as_ref().is_none_or(|exact| *name == exact));
    let asked = asked.filter(|name| pattern.as_ref().is_none_or(|pattern| is_like(name, pattern)));
    let line = |name: &String| if lower.contains("select 1") { "1\n".to_owned() } else { format!("{name}\n") };
    Answer::says(asked.map(line).collect::<String>())
}

/// SQL's `LIKE`: `%` is anything, `_` one character, `\` takes the next as it is.
fn is_like(text: &str, pattern: &str) -> bool {
    let mut rest = pattern.chars();
    match rest.next() {
        None => text.is_empty(),
        Some('%') => {
            text.char_indices().any(|(at, _)| is_like(&text[at..], rest.as_str())) || is_like("", rest.as_str())
        }
        Some(wanted) => {
            let literal = if wanted == '\\' { rest.next() } else { Some(wanted).filter(|wanted| *wanted != '_') };
            let mut characters = text.chars();
            let fits = characters.next().is_some_and(|found| literal.is_none_or(|wanted| wanted == found));
            fits && is_like(characters.as_str(), rest.as_str())
        }
    }
}

/// Statements that make, drop and rename databases, and those that change nothing here.
fn define(host: &Host, flat: &str, lower: &str) -> Answer {
    let mut said = String::new();
    for (statement, lower) in flat.split(';').zip(lower.split(';')) {
        let (statement, lower) = (statement.trim(), lower.trim());
        let words: Vec<&str> = statement.split_whitespace().map(|word| word.trim_matches('"')).collect();
        let exists = |name: &str| host.look(|model| model.databases.contains(name));
        let missing = |name: &str| Answer::fails(1, format!("ERROR:  database \"{name}\" does not exist\n"));
        if lower.is_empty() {
            continue;
        } else if let (true, Some(name)) = (lower.starts_with("create database "), words.get(2)) {
            if exists(name) {
                return Answer::fails(1, format!("ERROR:  database \"{name}\" already exists\n"));
            }
            host.change(|model| model.databases.insert((*name).to_owned()));
            said.push_str("CREATE DATABASE\n");
        } else if lower.starts_with("drop database ") {
            let gentle = lower.contains("if exists");
            let Some(name) = words.get(if gentle { 4 } else { 2 }) else { continue };
            if !host.change(|model| model.databases.remove(*name)) && !gentle {
                return missing(name);
            }
            said.push_str("DROP DATABASE\n");
        } else if let (true, Some(from), Some(to)) =
            (lower.starts_with("alter database ") && lower.contains(" rename to "), words.get(2), words.get(5))
        {
            if !exists(from) {
                return missing(from);
            }
            host.change(|model| {
                model.databases.remove(*from);
                model.databases.insert((*to).to_owned());
            });
            said.push_str("ALTER DATABASE\n");
        } else if ["begin", "commit", "rollback", "set ", "select pg_terminate_backend", "alter ", "vacuum", "analyze"]
            .iter()
            .any(|word| lower.starts_with(word))
        {
            said.push_str(&format!("{}\n", words.first().map(|word| word.to_uppercase()).unwrap_or_default()));
        } else {
            let shown: String = statement.chars().take(80).collect();
            return Answer::fails(1, format!("ERROR:  the practice database does not know this statement: {shown}\n"));
        }
    }
    Answer::says(said)
}

#[cfg(test)]
mod tests {
    use super::is_like;

    #[test]
    fn a_pattern_is_sqls() {
        for (text, pattern, fits) in [
            ("signoff_test_1", "signoff\\_test\\_%", true),
            ("gear_freak", "signoff\\_test\\_%", false),
            ("signoffXtest_1", "signoff\\_test\\_%", false),
            ("abc", "a_c", true),
            ("abc", "%c", true),
            ("abc", "%", true),
            ("", "%", true),
            ("", "_", false),
            ("abc", "ab", false),
        ] {
            assert_eq!(is_like(text, pattern), fits, "{text} LIKE {pattern}");
        }
    }
}

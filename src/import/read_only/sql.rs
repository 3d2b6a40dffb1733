//! Which queries only read.

use super::listed;

/// Functions of PostgreSQL that read.
const FUNCTIONS: &str = "age avg coalesce count current_database date_trunc extract length lower max min now nullif pg_database_size \
    pg_indexes_size pg_relation_size pg_size_pretty pg_stat_get_activity pg_table_size pg_total_relation_size round \
    sum to_char upper version in values and or on using as where from exists over filter any all select not by then \
    when else";

/// `psql … -c QUERY` where the query is one that reads.
pub(super) fn is_query(args: &[&str]) -> bool {
    let mut query = None;
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match *arg {
            "-U" | "-d" | "-h" | "-p" | "--username" | "--dbname" | "--host" | "--port" => {
                args.next();
            }
            "-t" | "-A" | "-q" | "-X" | "-x" | "-tA" | "-At" => {}
            "-c" | "--command" if query.is_none() => query = args.next(),
            word if !word.starts_with('-') => {}
            _ => return false,
        }
    }
    query.is_some_and(|query| is_read_only_sql(query))
}

/// One `SELECT`, explained or not, that calls only functions that are known to read and makes no table.
pub(in super::super) fn is_read_only_sql(query: &str) -> bool {
    let lower = query.trim().trim_end_matches(';').trim().to_lowercase();
    if lower.contains(';') || lower.contains("--") || lower.contains("/*") || lower.contains('\\') {
        return false;
    }
    let words: Vec<&str> =
        lower.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty()).collect();
    let begins = matches!(
        words.as_slice(),
        ["select", ..] | ["explain", "select", ..] | ["explain", "analyze", "select", ..] | ["show", _]
    );
    let writes = ["into", "update", "insert", "delete", "share", "do", "copy", "call", "with"];
    begins && !words.iter().any(|word| writes.contains(word)) && called(&lower).all(|name| listed(FUNCTIONS, name))
}

/// Every name that stands before an opening bracket.
fn called(query: &str) -> impl Iterator<Item = &str> {
    query.match_indices('(').filter_map(|(at, _)| {
        let before = query[..at].trim_end();
        let start = before.rfind(|c: char| !(c.is_alphanumeric() || c == '_' || c == '"')).map_or(0, |at| at + 1);
        before.get(start..).filter(|name| !name.is_empty())
    })
}

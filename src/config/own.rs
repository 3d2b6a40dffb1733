//! Reads what a host has of its own: `tags`, `[hosts.NAME.rules.CHECKLIST.CHECK]`, `[hosts.NAME.rota.CHECKLIST]`,
//! `[hosts.NAME.schedule.CHECKLIST]`, `sampled`.

use super::people::rotas;
use super::schedule::{Known, schedules};
use super::{HostRule, Own};
use crate::document::{Located, Table, condition};
use crate::domain::message::Message;
use crate::domain::refined::{Instead, Refined};
use crate::domain::target::{ALL, TAG};

/// What a threshold is written as that shall not hold on a host.
const NEVER: &str = "never";

/// What can be chosen in Discord has a name of up to so many characters.
const LONGEST_NAME: usize = 100;

/// Whether a host may be called `name`: some words mean several hosts, and a name is one line that can be seen and chosen.
pub(super) fn is_host_name(table: &Table<'_>, name: &Located<String>) -> bool {
    let written = name.value.as_str();
    let means_several = written == ALL || written.starts_with(TAG);
    let odd = !(1..=LONGEST_NAME).contains(&written.chars().count())
        || written.trim() != written
        || written.contains(char::is_control);
    if means_several || odd {
        let key = if means_several { "config-host-name" } else { "config-host-name-odd" };
        let message = Message::new(key).with("name", written).with("most", LONGEST_NAME.to_string());
        table.problem(name.span.clone(), message);
    }
    !means_several && !odd
}

/// `tags`: words by which several hosts are meant at once.
fn tags(table: &Table<'_>) -> Vec<String> {
    let mut tags = Vec::new();
    for tag in table.texts("tags") {
        let fine = (1..=32).contains(&tag.value.chars().count())
            && tag.value.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'));
        if !fine {
            table.problem(tag.span, Message::new("config-tag").with("tag", tag.value.as_str()));
        } else if !tags.contains(&tag.value) {
            tags.push(tag.value);
        }
    }
    tags
}

/// `rules`: by checklist, check and measure. Whether there are such is said when the commands are known.
fn rules(table: &Table<'_>) -> Vec<HostRule> {
    let mut rules = Vec::new();
    for checklist in table.names() {
        let Some(checks) = table.table_of(&checklist.value) else { continue };
        for check in checks.names() {
            let Some(measures) = checks.table_of(&check.value) else { continue };
            for measure in measures.names() {
                let Some(section) = measures.table_of(&measure.value) else { continue };
                rules.extend(rule(&section, &checklist, &check, &measure));
            }
        }
    }
    rules
}

fn rule(
    table: &Table<'_>,
    checklist: &Located<String>,
    check: &Located<String>,
    measure: &Located<String>,
) -> Option<HostRule> {
    let (warn, fail) = (instead(table, "warn"), instead(table, "fail"));
    if !table.has("warn") && !table.has("fail") {
        table.problem(measure.span.clone(), Message::new("config-host-rule-empty"));
    }
    let place = |text: &Located<String>| table.place(text.span.clone());
    let (warn_at, fail_at) = (warn.as_ref()?, fail.as_ref()?);
    let conditions_at = [&warn_at.1, &fail_at.1].map(|span| table.place(span.clone().unwrap_or(measure.span.clone())));
    Some(HostRule {
        checklist_at: place(checklist),
        check_at: place(check),
        measure_at: place(measure),
        conditions_at,
        refined: Refined {
            checklist: checklist.value.clone(),
            check: check.value.clone(),
            measure: measure.value.clone(),
            warn: warn?.0,
            fail: fail?.0,
        },
    })
}

/// What stands in a condition's place, and where; none where it cannot be understood, which was told.
fn instead(table: &Table<'_>, key: &'static str) -> Option<(Instead, Option<std::ops::Range<usize>>)> {
    let Some(text) = table.text(key) else { return (!table.has(key)).then_some((Instead::Own, None)) };
    let span = Some(text.span.clone());
    if text.value.trim() == NEVER {
        return Some((Instead::Never, span));
    }
    condition(table, &text).map(|condition| (Instead::Other(condition), span))
}

/// What the host of `table` has of its own. `known` is what the rest of the file says, without the hosts.
pub(super) fn own(table: &Table<'_>, known: &Known<'_>) -> Own {
    let tags = tags(table);
    let rules = table.table("rules").map(|section| rules(&section)).unwrap_or_default();
    let rotas = table.table("rota").map(|section| rotas(&section, known.people, known.zone)).unwrap_or_default();
    let schedules = table.table("schedule").map(|section| {
        let names = known.rotas.iter().chain(rotas.keys()).cloned().collect();
        let known = Known { rotas: names, hosts: None, of_host: true, ..*known };
        schedules(&section, &known)
    });
    let unsampled = table.flag("sampled").is_some_and(|sampled| !sampled.value);
    Own { tags, rules, rotas, schedules: schedules.unwrap_or_default(), unsampled }
}

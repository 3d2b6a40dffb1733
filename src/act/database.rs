//! Backups and what is made of them: made, restored, rehearsed, deleted.

use std::collections::BTreeSet;

use super::facts::{self, Fact};
use super::{Stage, Unfit, compose, scripts};
use crate::domain::action::step::{Backups, DeleteBackups, Restore, RestoreTest};
use crate::domain::action::{Arguments, Identity, Outlook};
use crate::domain::message::{Arg, Message};
use crate::domain::quantity::Quantity;

/// The prefix of a backup's name in an identity.
const FILE: &str = "backup ";

/// How many backups a card lists.
const MOST_LISTED: usize = 10;

async fn list(backups: &Backups, days: &str, script: &str, stage: &Stage) -> Result<String, Unfit> {
    facts::look(scripts::LOOK_BACKUPS, &[&backups.folder, &backups.pattern(), days, script], stage).await
}

fn named(fact: &Fact<'_>) -> String {
    format!("{:>9} {}", Quantity::bytes(fact.bytes("size")).to_string(), fact.get("name"))
}

/// The backups that there are, by name, the newest first.
pub(super) async fn names(backups: &Backups, stage: &Stage) -> Result<Vec<String>, Unfit> {
    let text = list(backups, "", "", stage).await?;
    Ok(facts::facts(&text).filter(|fact| fact.word == "backup").map(|fact| fact.get("name").to_owned()).collect())
}

/// The hash of the script that makes backups, and the newest one.
async fn script_and_newest(backups: &Backups, stage: &Stage) -> Result<Outlook, Unfit> {
    let text = list(backups, "", &backups.script, stage).await?;
    let mut outlook = Outlook::default();
    let found: Vec<_> = facts::facts(&text).collect();
    let script = found
        .iter()
        .find(|fact| fact.word == "file")
        .ok_or_else(|| Unfit::from(Message::new("unfit-backup-no-script").with("path", backups.script.as_str())))?;
    outlook.identity = Identity::default().with(script.get("name"), script.get("sum"));
    let newest = found.iter().find(|fact| fact.word == "backup");
    outlook.now.push(newest.map_or_else(
        || Message::new("act-now-no-backup"),
        |fact| {
            let age = fact.get("at").parse().map_or(0, |at: i64| stage.now.timestamp() - at);
            #[expect(clippy::cast_precision_loss, reason = "seconds of an age")]
            let age = Quantity::seconds(age.max(0) as f64);
            Message::new("act-now-backup")
                .with("name", fact.get("name"))
                .with("size", Quantity::bytes(fact.bytes("size")))
                .with("age", age)
        },
    ));
    Ok(outlook)
}

pub(super) async fn outlook_backup(backups: &Backups, stage: &Stage) -> Result<Outlook, Unfit> {
    let outlook = script_and_newest(backups, stage).await?;
    Ok(Outlook { commands: vec![backups.script.clone()], ..outlook })
}

pub(super) fn words_backup(backups: &Backups) -> Vec<String> {
    vec![backups.script.clone(), backups.folder.clone(), backups.pattern()]
}

pub(super) async fn outlook_restore(step: &Restore, arguments: &Arguments, stage: &Stage) -> Result<Outlook, Unfit> {
    let file = step.file.value(arguments).ok_or_else(|| Unfit::from(Message::new("unfit-no-value")))?;
    let text = facts::look(scripts::LOOK_FILE, &[&step.backups.folder, file], stage).await?;
    let chosen = facts::facts(&text).find(|fact| fact.word == "chosen");
    let chosen = chosen.ok_or_else(|| Unfit::from(Message::new("unfit-no-file").with("name", file)))?;
    let mut outlook = script_and_newest(&step.backups, stage).await?;
    let at = chosen.get("at").parse().ok().and_then(|at| chrono::DateTime::from_timestamp(at, 0));
    outlook.identity = outlook.identity.with(format!("{FILE}{file}"), chosen.get("sum"));
    let chosen = Message::new("act-now-chosen")
        .with("name", file)
        .with("size", Quantity::bytes(chosen.bytes("size")))
        .with("at", at.map_or_else(|| Arg::from(""), Arg::Time));
    outlook.now.insert(0, chosen);
    let database = &step.database;
    let containers = compose::containers(&database.service, "", stage).await?;
    if containers.now.is_empty() {
        return Err(Message::new("unfit-no-container").with("service", database.service.as_str()).into());
    }
    outlook.identity.0.extend(containers.identity.0);
    let name = database.name.as_str();
    outlook.commands = vec![
        format!("ls {}", step.backups.folder),
        step.backups.script.clone(),
        format!("gunzip -c {file} | psql -1 -v ON_ERROR_STOP=1 -d {name}_new_*"),
        format!("SELECT count(*) FROM \"{}\"", database.table.as_str()),
        format!("docker-compose stop {}", step.service),
        format!("ALTER DATABASE {name} RENAME TO {name}_old_*; ALTER DATABASE {name}_new_* RENAME TO {name}"),
        format!("docker-compose start {}", step.service),
    ];
    Ok(outlook)
}

pub(super) fn words_restore(
    step: &Restore,
    arguments: &Arguments,
    identity: &Identity,
    stage: &Stage,
) -> Result<Vec<String>, Unfit> {
    let file = step.file.value(arguments).ok_or_else(|| Unfit::from(Message::new("unfit-no-value")))?;
    let sum = identity.0.get(&format!("{FILE}{file}"));
    let sum = sum.ok_or_else(|| Unfit::from(Message::new("unfit-no-file").with("name", file)))?;
    let (database, backups) = (&step.database, &step.backups);
    let stamp = stage.now.format("%Y%m%d%H%M%S").to_string();
    Ok([
        &stage.host.config().compose_project,
        &database.service,
        database.user.as_str(),
        database.name.as_str(),
        database.table.as_str(),
        &backups.script,
        &backups.folder,
        &backups.pattern(),
        file,
        sum,
        &step.folder,
        &step.service,
        &stamp,
    ]
    .map(str::to_owned)
    .to_vec())
}

pub(super) async fn outlook_test(step: &RestoreTest, stage: &Stage) -> Result<Outlook, Unfit> {
    let newest = script_and_newest(&step.backups, stage).await?;
    let database = &step.database;
    let containers = compose::containers(&database.service, "", stage).await?;
    if containers.now.is_empty() {
        return Err(Message::new("unfit-no-container").with("service", database.service.as_str()).into());
    }
    let commands = vec![
        "createdb signoff_test_*".to_owned(),
        format!("gunzip -c {}/… | psql -1 -v ON_ERROR_STOP=1 -d signoff_test_*", step.backups.folder),
        format!("SELECT count(*) FROM \"{}\"", database.table.as_str()),
        "dropdb signoff_test_*".to_owned(),
    ];
    Ok(Outlook { commands, now: newest.now, goes: Vec::new(), identity: containers.identity })
}

pub(super) fn words_test(step: &RestoreTest, stage: &Stage) -> Vec<String> {
    let (database, backups) = (&step.database, &step.backups);
    let scratch = format!("signoff_test_{}", stage.now.format("%Y%m%d%H%M%S"));
    [
        &stage.host.config().compose_project,
        &database.service,
        database.user.as_str(),
        database.name.as_str(),
        database.table.as_str(),
        &backups.folder,
        &backups.pattern(),
        &scratch,
    ]
    .map(str::to_owned)
    .to_vec()
}

/// What may be deleted: old, and none of those that stay.
fn goes<'a>(text: &'a str) -> Vec<Fact<'a>> {
    let all: Vec<_> = facts::facts(text).collect();
    let stay: BTreeSet<_> = all.iter().filter(|fact| fact.word == "whole").map(|fact| fact.get("name")).collect();
    let mut goes: Vec<_> =
        all.into_iter().filter(|fact| fact.word == "old" && !stay.contains(fact.get("name"))).collect();
    goes.sort_by(|one, other| one.get("name").cmp(other.get("name")));
    goes
}

pub(super) async fn outlook_delete(step: &DeleteBackups, stage: &Stage) -> Result<Outlook, Unfit> {
    let days = step.older_than_days.to_string();
    let text = list(&step.backups, &days, "", stage).await?;
    let whole: Vec<_> = facts::facts(&text).filter(|fact| fact.word == "whole").collect();
    if whole.is_empty() {
        return Err(Message::new("unfit-none-whole").with("folder", step.backups.folder.as_str()).into());
    }
    let goes = goes(&text);
    if goes.is_empty() {
        return Err(Message::new("unfit-nothing-to-delete").with("days", days).into());
    }
    let mut identity = Identity::default();
    for fact in &goes {
        identity = identity.with(format!("{FILE}{}", fact.get("name")), fact.get("size"));
    }
    let sum = goes.iter().fold(0.0, |sum, fact| sum + fact.bytes("size"));
    let now = vec![
        Message::new("act-now-deletes").with("count", goes.len().to_string()).with("size", Quantity::bytes(sum)),
        Message::new("act-now-stay")
            .with("names", whole.iter().map(|fact| fact.get("name")).collect::<Vec<_>>().join(", ")),
    ];
    let mut listed: Vec<_> = goes.iter().map(named).collect();
    if listed.len() > MOST_LISTED * 3 {
        let more = listed.len() - MOST_LISTED * 3;
        listed.truncate(MOST_LISTED * 3);
        listed.push(format!("… +{more}"));
    }
    let commands = vec![format!("rm {}/… ({})", step.backups.folder, goes.len())];
    Ok(Outlook { commands, now, goes: listed, identity })
}

/// The words of the script: exactly what was approved.
pub(super) fn words_delete(step: &DeleteBackups, identity: &Identity) -> Vec<String> {
    let mut words = vec![step.backups.folder.clone(), step.backups.pattern()];
    words.extend(identity.0.keys().filter_map(|name| name.strip_prefix(FILE)).map(str::to_owned));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_whole_ones_never_go_however_old_they_are() {
        let text = "::backup\tname=d\tsize=1\tat=4\n::backup\tname=c\tsize=1\tat=3\n::whole\tname=d\n::whole\tname=b\n::whole\tname=a
::old\tname=c\tsize=3\n::old\tname=b\tsize=2\n::old\tname=a\tsize=1\n::old\tname=0\tsize=5\n::end";
        let names: Vec<_> = goes(text).iter().map(|fact| fact.get("name")).collect();
        assert_eq!(names, ["0", "c"], "c is old and broken, and helps nobody");
    }
}

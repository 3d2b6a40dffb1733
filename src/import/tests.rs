use super::*;
use crate::commands;
use crate::document::Document;

fn of(source: &str) -> Imported {
    import(source, "ops.md", Language::En).unwrap()
}

/// The checks of the files: probe, measure, condition of the first rule.
fn checks(imported: &Imported) -> Vec<String> {
    let mut told = Vec::new();
    for file in imported.files.iter().filter(|file| file.enabled) {
        let document = Document::new(std::path::Path::new(&file.name), file.text.clone());
        let read = commands::parse(document).unwrap_or_else(|problems| panic!("{problems}\n{}", file.text));
        let commands::Command::Checklist(checklist) = read else { panic!("{}", file.text) };
        for check in checklist.checks() {
            let rules = check.rules.iter().map(|rule| {
                let condition = rule.fail.as_ref().or(rule.warn.as_ref()).unwrap();
                format!("{} {condition}", rule.measure)
            });
            told.push(format!("{}: {} {}", check.title.en, check.probe.kind(), rules.collect::<Vec<_>>().join(", ")));
        }
    }
    told
}

#[test]
fn an_english_checklist_becomes_checks_as_well() {
    let imported = of(include_str!("../../tests/data/import/english.md"));
    assert_eq!(
        checks(&imported),
        [
            "Site responds (https://shop.example.com): http status not in 200..399",
            "CPU below 70%: cpu host >= 70 %",
            "Memory at most 90 percent: memory used > 90 %",
            "At least 5 GB free disk: disk free < 5 GB",
            "Somebody looked at the dashboards: manual ",
            "load: shell exit != 0",
        ]
    );
    let off: Vec<_> = imported.files.iter().filter(|file| !file.enabled).collect();
    assert_eq!(off.len(), 1);
    assert!(
        off[0].text.contains("\"systemctl\", \"restart\", \"shop\"]\nsudo = true")
            && off[0].text.contains("enabled     = false")
    );
}

#[test]
fn what_may_change_something_is_never_a_check() {
    let imported = of("## Daily\n\n```bash\nuptime\nrm -rf /tmp/x\n./mystery\n```\n\n- [ ] Fine\n");
    let text: String = imported.files.iter().filter(|file| file.enabled).map(|file| file.text.as_str()).collect();
    assert!(!text.contains("rm -rf") && !text.contains("mystery"), "{text}");
    let off: String = imported.files.iter().filter(|file| !file.enabled).map(|file| file.text.as_str()).collect();
    assert!(off.contains("rm -rf") && off.contains("mystery"), "{off}");
}

/// Every file turned on, as it would be loaded from a folder.
fn turned_on(imported: &Imported) -> Result<commands::Commands, crate::document::Problems> {
    let folder = tempfile::TempDir::new().unwrap();
    for file in &imported.files {
        std::fs::write(folder.path().join(&file.name), file.text.replace("enabled     = false\n", "")).unwrap();
    }
    commands::load(folder.path())
}

const EMERGENCIES: &str = "# Ops

## Daily
- [ ] Somebody looked

## Emergencies

### Everything is down (Critical)

**Symptom**: nothing answers: at all

```bash
# 1. Look
ssh ops@203.0.113.7
cd /opt/app
docker-compose ps
uptime

# 2. Restart
docker-compose restart

# 3. Still down
docker-compose down
docker-compose up -d
F=$(ls -t /opt/app | head -1)
./mend.sh $F
```

### Only the shop

Restart it.

```bash
systemctl status shop
docker-compose restart
uptime
```
";

#[test]
fn an_emergency_is_led_step_by_step_and_each_act_is_asked_for_by_itself() {
    use crate::domain::runbook::{Does, Severity};
    let imported = of(EMERGENCIES);
    let loaded = turned_on(&imported).unwrap_or_else(|problems| panic!("{problems}\n{:#?}", imported.files));
    let led = |name: &str| {
        let steps = &loaded.runbooks.get(name).unwrap_or_else(|| panic!("{:?}", loaded.runbooks.keys())).steps;
        let told = steps.iter().map(|step| match &step.does {
            Does::Look { checklist, checks } => format!("{} [{checklist}: {}]", step.title.en, checks.join(" ")),
            Does::Act { action, .. } => format!("{} /{action}", step.title.en),
            _ => panic!("{step:?}"),
        });
        told.collect::<Vec<_>>()
    };
    assert_eq!(
        led("emergency-everything-is-down-cri"),
        [
            "1. Look [emergency-checks: command]",
            "2. uptime [emergency-checks: cpu]",
            "3. Restart /emergency-restart",
            "4. Still down /emergency-still-down"
        ]
    );
    let shop = led("emergency-only-the-shop");
    assert_eq!(shop[1], "2. docker-compose restart /emergency-restart", "the same act is written once");
    assert_eq!(shop.len(), 3);
    let down = &loaded.runbooks["emergency-everything-is-down-cri"];
    assert_eq!((down.severity, down.symptom.en.as_str()), (Severity::Critical, "nothing answers: at all"));
    let shop = &loaded.runbooks["emergency-only-the-shop"];
    assert_eq!(shop.severity, Severity::High);
    assert!(shop.symptom.en.starts_with("Not said yet"), "{}", shop.symptom.en);
    assert_eq!(loaded.actions["emergency-restart"].steps.len(), 1);
    assert_eq!(loaded.actions["emergency-still-down"].steps.len(), 3, "down and up are one");
    let text = &imported.files.iter().find(|file| file.name == "emergency-still-down.toml").unwrap().text;
    assert!(text.contains("F=$(ls") && text.contains("./mend.sh"), "{text}");
    assert!(imported.files.iter().filter(|file| file.enabled).all(|file| !file.text.contains("restart\"")));
}

#[test]
fn names_that_are_taken_or_too_long_get_others() {
    let long = "가".repeat(40);
    let imported = of(&format!(
        "# T\n\n## Help\n- [ ] a\n\n## History\n- [ ] b\n\n## 일일 점검\n- [ ] c\n\n## 일일 점검\n- [ ] d\n\n\
         ## {long}\n- [ ] e\n\n## {long}\n- [ ] f\n"
    ));
    let loaded = turned_on(&imported).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(loaded.checklists.len(), 6, "{:?}", loaded.checklists.keys());
    assert!(loaded.checklists.contains_key("help-checks"));
    let korean: BTreeSet<_> = loaded.checklists.values().map(|own| own.name_ko.clone()).collect();
    assert!(korean.len() >= 3, "{korean:?}");
}

#[test]
fn a_pipeline_whose_first_program_sudo_refuses_is_not_content() {
    let imported = of("## A\n\n- [ ] x\n\n```bash\nsudo du -h '/opt/my app' | sort -rh | head -20\n```\n");
    let text: String = imported.files.iter().map(|file| file.text.as_str()).collect();
    assert!(text.contains("sudo -n -l du -h '/opt/my app' >/dev/null && sudo -n du "), "{text}");
}

#[test]
fn documents_that_cannot_be_read_are_told_with_what_to_do() {
    let error = |source: &str| import(source, "x.md", Language::En).unwrap_err();
    assert_eq!(error(""), ImportError::Nothing);
    assert_eq!(error("# Only\n\nprose, and a [link](x).\n\n- a list\n"), ImportError::Nothing);
    assert_eq!(error("<!DOCTYPE html><html><body>- [ ] x</body></html>"), ImportError::Html);
    assert_eq!(error("- [ ] a\n\n```bash\nls\n"), ImportError::OpenFence { line: 3 });
    let large = "- [ ] item\n".repeat(200_000);
    assert!(matches!(error(&large), ImportError::TooLarge(_)));
    for error in [ImportError::Nothing, ImportError::Html, ImportError::OpenFence { line: 3 }, ImportError::TooLarge(1)]
    {
        assert!(error.hint().is_some());
    }
}

#[test]
fn items_are_kept_whatever_stands_in_them() {
    let imported =
        of("- [ ] \"quotes\" and \\ and ''' and {braces}\n- [ ] same\n- [ ] same\n- [x] <b>bold</b> `code`\n");
    assert_eq!(checks(&imported).len(), 4);
    let long = of(&format!("- [ ] {}\n", "가".repeat(500)));
    assert_eq!(checks(&long).len(), 1);
    let many: String = (0..60).map(|part| format!("### Part {part}\n- [ ] item {part}\n")).collect();
    let many = of(&format!("## All\n{many}## Other\n- [ ] x\n"));
    assert_eq!(checks(&many).len(), 61, "an embed takes 25 sections, and no item is lost");
}

proptest::proptest! {
    /// Whatever a document holds, it is refused with a reason or becomes files that the loader takes.
    #[test]
    fn every_document_becomes_files_that_can_be_loaded(
        lines in proptest::collection::vec(
            proptest::prelude::prop_oneof![
                "- \\[ \\] \\PC{0,30}",
                "#{1,3} \\PC{0,20}",
                "\\PC{0,30}",
                proptest::prelude::Just("```bash\ndf -h | head\nrm x\n```".to_owned()),
                proptest::prelude::Just("".to_owned()),
                "- \\[ \\] (CPU|디스크|memory|API 200) [<>] [0-9]{1,3}(%| GB|일 이상)?",
            ],
            0..20,
        )
    ) {
        let source = lines.join("\n");
        if let Ok(imported) = import(&source, "x.md", Language::Ko) {
            checks(&imported);
        }
    }

    /// An item is a check wherever it stands: below text, between commands that no shell reads, in lists of lists.
    #[test]
    fn no_item_is_lost(
        parts in proptest::collection::vec(
            (
                proptest::prelude::prop_oneof![
                    proptest::prelude::Just("## Part\n\n".to_owned()),
                    proptest::prelude::Just("text\n\n".to_owned()),
                    proptest::prelude::Just("* note\n\n<b>html</b>\n\n".to_owned()),
                    "```(sh|bash|)\n[-a-z '\"$(){}|&;#\\\\<>]{0,40}\n```\n\n",
                    "\\| a \\| b \\|\n\\|---\\|---\\|\n\\| [a-z]{0,5} \\| x \\|\n\n",
                ],
                1..4_usize,
                proptest::prelude::prop_oneof!["[a-z가-힣]{1,12}", "(CPU|메모리|API 200) [<>]=? ?[0-9]{1,12}(%|ms|일)?", "`[a-z $()|;]{1,12}x`"],
            ),
            1..8,
        )
    ) {
        let mut items = 0;
        let mut source = String::new();
        for (before, count, text) in &parts {
            source.push_str(before);
            for index in 0..*count {
                items += 1;
                let inside = "  ".repeat(index);
                source.push_str(&format!("{inside}- [ ] i{items} {text}\n"));
            }
            source.push('\n');
        }
        let imported = import(&source, "x.md", Language::En).unwrap_or_else(|error| panic!("{error}\n{source}"));
        let found = checks(&imported);
        for item in 1..=items {
            let begins = |check: &&String| check.starts_with(&format!("i{item} "));
            proptest::prop_assert_eq!(found.iter().filter(begins).count(), 1, "item {}\n{}\n{:#?}", item, source, found);
        }
        proptest::prop_assert_eq!(imported.items, items);
    }
}

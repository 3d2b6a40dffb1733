//! What can be signed and what cannot, whatever people and runs do in whatever order.

use proptest::prelude::*;

use super::draft::{Attested, Draft, Memo, Need, Said};
use super::*;
use crate::domain::finding::FindingId;
use crate::domain::grade::Grade;
use crate::domain::period::Every;
use crate::domain::sample::report;

fn who(id: u64) -> Who {
    Who { id, name: format!("person {id}") }
}

fn words(text: &str) -> Words {
    Words::new(text).unwrap()
}

fn signature(run: i64, report: &Report) -> Signature {
    Signature { id: SignOffId(1), run: RunId(run), hash: ResultHash::of(report), by: who(5), at: DateTime::UNIX_EPOCH }
}

fn withdrawn() -> Entry {
    Entry::Withdrawn { by: who(5), at: DateTime::UNIX_EPOCH, reason: words("다시 봅니다") }
}

fn reopened() -> Entry {
    Entry::Reopened { run: RunId(2), at: DateTime::UNIX_EPOCH, worse: Vec::new() }
}

#[test]
fn every_entry_at_every_standing() {
    let signed = || signature(1, &report(&[]));
    let again = || Standing::OpenAgain { was: signed(), why: withdrawn() };
    for (standing, entry, expected) in [
        (Standing::Open, Entry::Signed(signed()), Ok(Standing::Signed(signed()))),
        (Standing::Open, withdrawn(), Err(Illegal::NotSigned)),
        (Standing::Open, reopened(), Err(Illegal::NotSigned)),
        (Standing::Signed(signed()), Entry::Signed(signed()), Err(Illegal::Signed(Box::new(signed())))),
        (Standing::Signed(signed()), withdrawn(), Ok(again())),
        (Standing::Signed(signed()), reopened(), Ok(Standing::OpenAgain { was: signed(), why: reopened() })),
        (again(), Entry::Signed(signed()), Ok(Standing::Signed(signed()))),
        (again(), withdrawn(), Err(Illegal::NotSigned)),
        (again(), reopened(), Err(Illegal::NotSigned)),
    ] {
        assert_eq!(standing.clone().next(entry.clone()), expected, "{entry:?} at {standing:?}");
    }
}

#[test]
fn what_is_wanted_of_a_check_depends_on_its_grade() {
    use Grade::{Fail, Manual, Pass, Skipped, Unknown, Waived, Warn};
    let empty = Draft::default();
    for (grade, expected) in [
        (Fail, Some(Need::Word)),
        (Unknown, Some(Need::Word)),
        (Warn, Some(Need::Word)),
        (Manual, Some(Need::Attestation)),
        (Waived, None),
        (Skipped, None),
        (Pass, None),
    ] {
        let report = report(&[("a", grade)]);
        assert_eq!(empty.need(report.check("a").unwrap()), expected, "{grade:?}");
    }
}

#[test]
fn a_person_who_saw_that_it_is_not_so_says_what_of_it() {
    let report = report(&[("seen", Grade::Manual)]);
    let mut draft = Draft::default();
    for (attested, open) in [(Attested::Yes, false), (Attested::NotApplicable, false), (Attested::No, true)] {
        draft.attested.insert("seen".to_owned(), attested);
        assert_eq!(draft.complete(RunId(1), &report).is_err(), open, "{attested:?}");
    }
    draft.said.insert("seen".to_owned(), Said::Note(words("B 등급")));
    let statement = draft.complete(RunId(1), &report).unwrap();
    assert_eq!(statement.checks()[0].attested, Some(Attested::No));
    assert!(statement.checks()[0].said.is_some());
    // Having looked again, what was said before is not signed with it.
    draft.attested.insert("seen".to_owned(), Attested::Yes);
    assert_eq!(draft.complete(RunId(1), &report).unwrap().checks()[0].said, None);
}

#[test]
fn a_good_result_needs_no_word() {
    let report = report(&[("a", Grade::Pass), ("b", Grade::Skipped), ("c", Grade::Waived)]);
    let statement = Draft::default().complete(RunId(3), &report).unwrap();
    assert_eq!((statement.run(), statement.hash()), (RunId(3), ResultHash::of(&report)));
    assert!(statement.checks().is_empty() && statement.memos().is_empty());
}

#[test]
fn everything_that_was_found_is_in_the_hash() {
    let base = report(&[("a", Grade::Warn), ("b", Grade::Pass)]);
    let hash = ResultHash::of(&base);
    assert_eq!(ResultHash::of(&base.clone()), hash);
    type Change = fn(&mut Report);
    let changes: [(&str, Change); 8] = [
        ("command", |report| report.command.push('x')),
        ("host", |report| report.host.push('x')),
        ("start", |report| report.started_at += chrono::TimeDelta::milliseconds(1)),
        ("grade", |report| report.sections[0].checks[0].grade = Grade::Pass),
        ("reason", |report| report.sections[0].checks[0].reasons.push(Message::new("reason-first-look"))),
        ("output", |report| report.sections[0].checks[1].evidence.output.push('x')),
        ("threshold", |report| report.sections[0].checks[0].threshold = Some(String::new())),
        ("a check less", |report| drop(report.sections[0].checks.pop())),
    ];
    for (what, change) in changes {
        let mut changed = base.clone();
        change(&mut changed);
        assert_ne!(ResultHash::of(&changed), hash, "{what}");
    }
    // Lengths part the texts: what moves from one to its neighbour is not the same.
    let (mut one, mut other) = (base.clone(), base.clone());
    (one.command, one.host) = ("ab".to_owned(), "c".to_owned());
    (other.command, other.host) = ("a".to_owned(), "bc".to_owned());
    assert_ne!(ResultHash::of(&one), ResultHash::of(&other));
    // The form never changes unnoticed: what was signed years ago must still be proven.
    assert_eq!(hash.to_string(), "c417dacc51b9ead6a248263ba7b0a513b9e989005216229993bb5bd4723baaf4");
}

#[test]
fn only_what_is_worse_opens_it_again() {
    use Grade::{Fail, Pass, Unknown, Waived, Warn};
    for (signed, later, expected) in [
        (Pass, Pass, false),
        (Fail, Fail, false),
        (Fail, Warn, false),
        (Fail, Unknown, false),
        (Warn, Waived, false),
        (Pass, Warn, true),
        (Warn, Fail, true),
        (Warn, Unknown, true),
        // The waiver ended meanwhile, and nobody has said anything of it.
        (Waived, Fail, true),
    ] {
        let found = worse(&report(&[("a", signed)]), &report(&[("a", later)]));
        assert_eq!(!found.is_empty(), expected, "{signed:?} -> {later:?}");
    }
    let came = worse(&report(&[]), &report(&[("new", Fail)]));
    assert_eq!(came[0].check, "new");
}

#[test]
fn a_draft_moves_to_a_newer_result_with_what_still_holds() {
    let old = report(&[("same", Grade::Warn), ("worse", Grade::Warn), ("well", Grade::Fail), ("seen", Grade::Manual)]);
    let new = report(&[("same", Grade::Warn), ("worse", Grade::Fail), ("well", Grade::Pass), ("seen", Grade::Manual)]);
    let mut draft = Draft::default();
    for id in ["same", "worse", "well"] {
        draft.said.insert(id.to_owned(), Said::Finding(FindingId(1)));
    }
    draft.attested.insert("seen".to_owned(), Attested::Yes);
    draft.memos.insert(Memo::Memo, words("메모"));
    let carried = draft.carried_over(&old, &new);
    assert_eq!(carried.said.keys().collect::<Vec<_>>(), ["same"]);
    assert_eq!((carried.attested, carried.memos), (draft.attested, draft.memos));
}

#[test]
fn each_template_has_its_texts() {
    assert_eq!(Memo::of(Every::Day), [Memo::Memo]);
    assert_eq!(Memo::of(Every::Week), [Memo::Findings, Memo::Actions]);
    assert_eq!(Memo::of(Every::Month), [Memo::Improvements, Memo::Plan]);
    for memo in Memo::ALL {
        assert_eq!(Memo::named(memo.name()), Some(memo));
    }
}

/// What people and runs do, in any order.
#[derive(Clone, Debug)]
enum Move {
    Runs(Vec<Grade>),
    Attests(usize, Attested),
    Says(usize),
    TakesBack(usize),
    Signs,
    Withdraws,
}

const IDS: [&str; 3] = ["a", "b", "c"];

fn step() -> impl Strategy<Value = Move> {
    prop_oneof![
        prop::collection::vec(prop::sample::select(Grade::ALL.to_vec()), 3).prop_map(Move::Runs),
        (0..3_usize, prop::sample::select(Attested::ALL.to_vec())).prop_map(|(check, seen)| Move::Attests(check, seen)),
        (0..3_usize).prop_map(Move::Says),
        (0..3_usize).prop_map(Move::TakesBack),
        Just(Move::Signs),
        Just(Move::Withdraws),
    ]
}

proptest! {
    /// No sequence of events signs a bad check with nothing said of it, and what holds is never worse than what was signed.
    #[test]
    fn nothing_bad_is_ever_signed_unsaid(moves in prop::collection::vec(step(), 0..40)) {
        let mut standing = Standing::Open;
        let mut current = report(&[]);
        let mut signed: Option<Report> = None;
        let mut draft = Draft::default();
        let mut run = 0;
        for step in moves {
            match step {
                Move::Runs(grades) => {
                    let later = report(&IDS.into_iter().zip(grades).collect::<Vec<_>>());
                    draft = draft.carried_over(&current, &later);
                    run += 1;
                    if let (Some(_), Some(signed)) = (standing.signature(), &signed) {
                        let worse = worse(signed, &later);
                        if !worse.is_empty() {
                            let entry = Entry::Reopened { run: RunId(run), at: DateTime::UNIX_EPOCH, worse };
                            standing = standing.next(entry).unwrap();
                        }
                    }
                    current = later;
                }
                Move::Attests(check, seen) => drop(draft.attested.insert(IDS[check].to_owned(), seen)),
                Move::Says(check) => drop(draft.said.insert(IDS[check].to_owned(), Said::Note(words("말")))),
                Move::TakesBack(check) => drop(draft.said.remove(IDS[check])),
                Move::Signs => {
                    let Ok(statement) = draft.complete(RunId(run), &current) else { continue };
                    for check in current.checks().filter(|check| check.grade.needs_attention()) {
                        let stated = statement.checks().iter().find(|stated| stated.check == check.id);
                        prop_assert!(stated.is_some_and(|stated| stated.said.is_some()), "{} is unsaid", check.id);
                    }
                    for check in current.checks().filter(|check| check.grade == Grade::Manual) {
                        let stated = statement.checks().iter().find(|stated| stated.check == check.id);
                        prop_assert!(stated.is_some_and(|stated| stated.attested.is_some()), "{} is unseen", check.id);
                    }
                    prop_assert_eq!(statement.hash(), ResultHash::of(&current));
                    if let Ok(next) = standing.clone().next(Entry::Signed(signature(run, &current))) {
                        standing = next;
                        signed = Some(current.clone());
                    }
                }
                Move::Withdraws => {
                    if let Ok(next) = standing.clone().next(withdrawn()) {
                        standing = next;
                    }
                }
            }
            if let (Some(_), Some(signed)) = (standing.signature(), &signed) {
                prop_assert!(worse(signed, &current).is_empty(), "signed, and worse than what was");
            }
        }
    }
}

//! A Markdown document as chapters, parts and what stands in them, by a CommonMark parser.

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::ImportError;

/// A document: chapters in their order. A chapter becomes a command file.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Outline {
    /// Its parts, by chapter.
    pub(super) chapters: Vec<Chapter>,
}

/// One chapter: a heading of the level that divides the document, and what stands below it.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Chapter {
    /// The line of its heading, from 1; 0 where there is none.
    pub(super) line: usize,
    /// Its heading.
    pub(super) title: String,
    /// Its parts. What stands before the first smaller heading is a part of the chapter's own name.
    pub(super) parts: Vec<Part>,
}

/// What stands below one heading.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Part {
    /// The line of its heading, from 1; 0 where there is none.
    pub(super) line: usize,
    /// Its heading.
    pub(super) title: String,
    /// What it says, in its order.
    pub(super) blocks: Vec<Block>,
}

/// One thing that a part says.
#[derive(Debug, PartialEq)]
pub(super) struct Block {
    /// Its first line, from 1.
    pub(super) line: usize,
    /// What it is.
    pub(super) kind: BlockKind,
}

/// What a block is.
#[derive(Debug, PartialEq)]
pub(super) enum BlockKind {
    /// `- [ ] text`, with the code that stands in it.
    Item { text: String, code: Vec<String> },
    /// `- text`, not to be ticked; `link` where it is nothing but a link.
    Bullet { text: String, link: bool },
    /// A paragraph.
    Text(String),
    /// A code block and its language, with the number of lines before the first of its content.
    Code { language: String, text: String, skip: usize },
    /// A table, row by row.
    Table(Vec<Vec<String>>),
    /// HTML.
    Html,
}

/// Reads `source`.
///
/// # Errors
/// [`ImportError`] for a fence that swallows what follows it: nobody could tell where its commands end.
pub(super) fn outline(source: &str) -> Result<Outline, ImportError> {
    let blocks = read(source)?;
    let level = chapter_level(&blocks);
    let mut outline = Outline::default();
    for found in blocks {
        match found {
            Found::Heading(found, line, title) if found <= level => {
                // A document's own title, above the level that divides it, divides nothing.
                if found == level {
                    let part = Part { line, title: title.clone(), blocks: Vec::new() };
                    outline.chapters.push(Chapter { line, title, parts: vec![part] });
                }
            }
            Found::Heading(_, line, title) => {
                chapter(&mut outline).parts.push(Part { line, title, blocks: Vec::new() });
            }
            Found::Block(block) => {
                let chapter = chapter(&mut outline);
                if chapter.parts.is_empty() {
                    chapter.parts.push(Part::default());
                }
                if let Some(part) = chapter.parts.last_mut() {
                    part.blocks.push(block);
                }
            }
        }
    }
    Ok(outline)
}

fn chapter(outline: &mut Outline) -> &mut Chapter {
    if outline.chapters.is_empty() {
        outline.chapters.push(Chapter::default());
    }
    let last = outline.chapters.len() - 1;
    &mut outline.chapters[last]
}

/// The largest level that divides: the first that occurs more than once, or the largest there is.
fn chapter_level(blocks: &[Found]) -> HeadingLevel {
    let levels =
        || blocks.iter().filter_map(|found| if let Found::Heading(level, ..) = found { Some(*level) } else { None });
    let mut all: Vec<_> = levels().collect();
    all.sort_unstable();
    let repeated = all.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0]);
    repeated.or_else(|| all.last().copied()).unwrap_or(HeadingLevel::H1)
}

enum Found {
    Heading(HeadingLevel, usize, String),
    Block(Block),
}

/// What is being read: its text and code so far.
#[derive(Default)]
struct Open {
    line: usize,
    text: String,
    code: Vec<String>,
    task: bool,
    linked: usize,
}

fn read(source: &str) -> Result<Vec<Found>, ImportError> {
    let lines = Lines::of(source);
    let mut found = Vec::new();
    let mut items: Vec<Open> = Vec::new();
    let mut paragraph: Option<Open> = None;
    let mut heading: Option<Open> = None;
    let mut block: Option<(usize, String, bool, String)> = None;
    let mut table: Option<(usize, Vec<Vec<String>>)> = None;
    let mut cell: Option<String> = None;
    for (event, range) in Parser::new_ext(source, Options::ENABLE_TASKLISTS | Options::ENABLE_TABLES).into_offset_iter()
    {
        let line = lines.at(range.start);
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(Open { line, ..Open::default() }),
            Event::End(TagEnd::Heading(level)) => {
                if let Some(open) = heading.take() {
                    found.push(Found::Heading(level, open.line, open.text.trim().to_owned()));
                }
            }
            // An item that holds a list of its own is told before its sub-items.
            Event::Start(Tag::List(_)) => flush(items.last_mut(), &mut found),
            Event::Start(Tag::Item) => items.push(Open { line, ..Open::default() }),
            Event::End(TagEnd::Item) => {
                flush(items.last_mut(), &mut found);
                items.pop();
            }
            Event::TaskListMarker(_) => {
                if let Some(item) = items.last_mut() {
                    item.task = true;
                }
            }
            Event::Start(Tag::Paragraph) if items.is_empty() => paragraph = Some(Open { line, ..Open::default() }),
            Event::End(TagEnd::Paragraph) => {
                if let Some(open) = paragraph.take() {
                    let text = open.text.trim().to_owned();
                    found.push(Found::Block(Block { line: open.line, kind: BlockKind::Text(text) }));
                }
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                flush(items.last_mut(), &mut found);
                let (language, fenced) = match kind {
                    CodeBlockKind::Fenced(info) => {
                        (info.split([' ', ',']).next().unwrap_or_default().to_lowercase(), true)
                    }
                    CodeBlockKind::Indented => (String::new(), false),
                };
                if fenced {
                    whole_fence(source, &range, line)?;
                }
                block = Some((line, language, fenced, String::new()));
            }
            Event::End(TagEnd::CodeBlock) => {
                if let Some((line, language, fenced, text)) = block.take() {
                    let kind = BlockKind::Code { language, text, skip: usize::from(fenced) };
                    found.push(Found::Block(Block { line, kind }));
                }
            }
            Event::Start(Tag::Table(_)) => table = Some((line, Vec::new())),
            Event::Start(Tag::TableHead | Tag::TableRow) => {
                if let Some((_, rows)) = &mut table {
                    rows.push(Vec::new());
                }
            }
            Event::Start(Tag::TableCell) => cell = Some(String::new()),
            Event::End(TagEnd::TableCell) => {
                if let (Some((_, rows)), Some(cell)) = (&mut table, cell.take())
                    && let Some(row) = rows.last_mut()
                {
                    row.push(cell.trim().to_owned());
                }
            }
            Event::End(TagEnd::Table) => {
                if let Some((line, rows)) = table.take() {
                    found.push(Found::Block(Block { line, kind: BlockKind::Table(rows) }));
                }
            }
            Event::Start(Tag::HtmlBlock) => found.push(Found::Block(Block { line, kind: BlockKind::Html })),
            Event::Start(Tag::Link { .. }) => {
                if let Some(item) = items.last_mut() {
                    item.linked = item.text.chars().count() + 1;
                }
            }
            Event::Text(text) | Event::Code(text) if cell.is_some() => push(cell.as_mut(), &text),
            Event::Text(text) if block.is_some() => push(block.as_mut().map(|(.., content)| content), &text),
            Event::Text(text) => push(open(&mut heading, &mut items, &mut paragraph).map(|open| &mut open.text), &text),
            Event::Code(text) => {
                if let Some(open) = open(&mut heading, &mut items, &mut paragraph) {
                    open.text.push_str(&text);
                    open.code.push(text.into_string());
                }
            }
            Event::SoftBreak | Event::HardBreak => {
                push(open(&mut heading, &mut items, &mut paragraph).map(|open| &mut open.text), " ");
            }
            _ => {}
        }
    }
    Ok(found)
}

fn push(place: Option<&mut String>, text: &str) {
    if let Some(place) = place {
        place.push_str(text);
    }
}

fn open<'a>(
    heading: &'a mut Option<Open>,
    items: &'a mut [Open],
    paragraph: &'a mut Option<Open>,
) -> Option<&'a mut Open> {
    heading.as_mut().or(items.last_mut()).or(paragraph.as_mut())
}

/// Tells of a list's item as far as it was read. It may be called again for what follows a list inside of it.
fn flush(item: Option<&mut Open>, found: &mut Vec<Found>) {
    let Some(item) = item else { return };
    let text = std::mem::take(&mut item.text).trim().to_owned();
    let code = std::mem::take(&mut item.code);
    let kind = if std::mem::take(&mut item.task) {
        BlockKind::Item { text, code }
    } else if text.is_empty() {
        return;
    } else {
        BlockKind::Bullet { text, link: std::mem::take(&mut item.linked) == 1 }
    };
    found.push(Found::Block(Block { line: item.line, kind }));
}

/// Refuses a fence that never ends, and one that was ended by the fence of the next block: CommonMark reads on to the
/// next bare fence, and what was meant as text in between would be lost.
fn whole_fence(source: &str, range: &std::ops::Range<usize>, line: usize) -> Result<(), ImportError> {
    let block = source.get(range.clone()).unwrap_or_default();
    let fence: String = block.chars().take_while(|c| matches!(c, '`' | '~')).collect();
    // Within a quotation each line has its mark.
    let mut lines = block.lines().map(|line| line.trim_start_matches(['>', ' ', '\t']));
    lines.next();
    let ended = lines.clone().next_back().is_some_and(|last| last.starts_with(&fence));
    if !ended {
        return Err(ImportError::OpenFence { line });
    }
    for (index, text) in lines.enumerate() {
        let info = text.strip_prefix(&fence).map(|rest| rest.trim_start_matches(['`', '~']).trim());
        if info.is_some_and(|info| !info.is_empty()) {
            return Err(ImportError::SwallowedFence { line, next: line + 1 + index });
        }
    }
    Ok(())
}

/// Where each line begins.
struct Lines(Vec<usize>);

impl Lines {
    fn of(source: &str) -> Self {
        Self(std::iter::once(0).chain(source.match_indices('\n').map(|(at, _)| at + 1)).collect())
    }

    /// The line of the byte `at`, from 1.
    fn at(&self, at: usize) -> usize {
        self.0.partition_point(|start| *start <= at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(source: &str) -> Vec<BlockKind> {
        let outline = outline(source).unwrap();
        outline
            .chapters
            .into_iter()
            .flat_map(|chapter| chapter.parts)
            .flat_map(|part| part.blocks)
            .map(|block| block.kind)
            .collect()
    }

    #[test]
    fn chapters_are_the_headings_that_divide_it() {
        let found = outline("# Title\n\n## A\n\n### One\n- [ ] x\n\n### Two\n\n## B\n\n- [x] y\n").unwrap();
        let titles: Vec<_> = found.chapters.iter().map(|chapter| (chapter.line, chapter.title.as_str())).collect();
        assert_eq!(titles, [(3, "A"), (10, "B")]);
        assert_eq!(found.chapters[0].parts[1].title, "One");
        assert_eq!(found.chapters[0].parts[1].blocks[0].line, 6);
        assert_eq!(outline("- [ ] x\n").unwrap().chapters.len(), 1, "no heading at all");
        assert_eq!(outline("# A\n# B\n").unwrap().chapters.len(), 2);
    }

    #[test]
    fn items_keep_their_text_their_code_and_their_sub_items() {
        let item = |text: &str, code: &[&str]| BlockKind::Item {
            text: text.into(),
            code: code.iter().map(|code| (*code).into()).collect(),
        };
        assert_eq!(
            kinds(
                "- [ ] **timer** on (`systemctl status x.timer`)\n  - [ ] inner\n  - note\n* [X] done\n1. [ ] numbered\n- [ ]\n"
            ),
            [
                item("timer on (systemctl status x.timer)", &["systemctl status x.timer"]),
                item("inner", &[]),
                BlockKind::Bullet { text: "note".into(), link: false },
                item("done", &[]),
                item("numbered", &[]),
                item("", &[]),
            ]
        );
    }

    #[test]
    fn a_fence_that_swallows_what_follows_is_told_with_its_line() {
        assert_eq!(outline("a\n\n```bash\nls\n").unwrap_err(), ImportError::OpenFence { line: 3 });
        let swallowed = outline("```bash\nls\n\n- [ ] lost\n\n```sh\ndf\n```\n").unwrap_err();
        assert_eq!(swallowed, ImportError::SwallowedFence { line: 1, next: 6 });
        assert!(outline("~~~~\n```sh\nls\n```\n~~~~\n").is_ok(), "a fence of another kind may stand in it");
        assert!(outline("```sh\nls\n`````\n").is_ok());
        assert!(outline("> Careful:\n>\n> ```sh\n> ls\n> ```\n\n- [ ] x\n").is_ok(), "in a quotation");
        assert_eq!(outline("> ```sh\n> ls\n\n- [ ] x\n").unwrap_err(), ImportError::OpenFence { line: 1 });
    }
}

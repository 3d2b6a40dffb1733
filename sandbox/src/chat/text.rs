//! A message as people read it, in plain text.

use std::fmt::Write as _;

use crate::payload::{Component, Embed, kind};
use crate::world::World;
use crate::world::posting::{Face, Posting, flag};

impl World {
    /// Content, embeds, components and files, a line each; ids have become names.
    pub(crate) fn face_text(&self, face: &Face) -> String {
        let mut lines = vec![];
        push(&mut lines, &face.content);
        for embed in &face.embeds {
            push_embed(&mut lines, embed);
        }
        for row in &face.components {
            push(&mut lines, &component_text(row));
        }
        for file in &face.attachments {
            lines.push(format!("(file {}, {} bytes)", file.name, file.bytes.len()));
        }
        self.readable(&lines.join("\n"))
    }

    /// One message as a block of the channel's transcript.
    pub(crate) fn transcript_entry(&self, posting: &Posting) -> String {
        let mut head = format!("{} {}", posting.created.format("%H:%M:%S"), self.name_of(posting.author));
        if let Some(only) = posting.only_for {
            let _ = write!(head, " (only {} sees this)", self.name_of(only));
        }
        if let Some(origin) = posting.origin.as_ref().and_then(|origin| self.interactions.get(&origin.interaction)) {
            let _ = write!(head, " [answers {} of {}]", origin.words, self.name_of(origin.user));
        }
        if posting.edited.is_some() {
            let _ = write!(head, " (edited {} times)", posting.history.len() - 1);
        }
        if posting.deleted.is_some() {
            head.push_str(" (deleted)");
        }
        let text = if posting.flags & flag::LOADING != 0 {
            "... is thinking".to_owned()
        } else {
            self.face_text(&posting.face)
        };
        format!("{head}\n    {}", text.replace('\n', "\n    "))
    }
}

fn push(lines: &mut Vec<String>, text: &str) {
    if !text.is_empty() {
        lines.push(text.to_owned());
    }
}

fn push_embed(lines: &mut Vec<String>, embed: &Embed) {
    let author = embed.author.as_ref().map(|author| author.name.as_str());
    for text in [author, embed.title.as_deref(), embed.description.as_deref()].into_iter().flatten() {
        push(lines, text);
    }
    for field in &embed.fields {
        push(lines, &field.name);
        push(lines, &field.value);
    }
    if let Some(picture) = &embed.image {
        lines.push(format!("(picture {})", picture.url.rsplit('/').next().unwrap_or_default()));
    }
    if let Some(footer) = &embed.footer {
        push(lines, &footer.text);
    }
}

fn component_text(component: &Component) -> String {
    let inner = || component.components.iter().map(component_text).collect::<Vec<_>>().join(" ");
    let dead = if component.is_disabled() { " (disabled)" } else { "" };
    match component.kind {
        kind::ROW => inner(),
        kind::BUTTON => {
            let link = component.url.as_ref().map(|url| format!(" -> {url}")).unwrap_or_default();
            format!("[{}{link}{dead}]", label(component))
        }
        select if kind::is_select(select) => {
            let options: Vec<&str> = component.options.iter().map(|option| option.label.as_str()).collect();
            let options = if options.is_empty() { String::new() } else { format!(": {}", options.join(" | ")) };
            format!("<{}{options}{dead}>", component.placeholder.as_deref().unwrap_or("select"))
        }
        kind::LABEL => component.component.as_deref().map(component_text).unwrap_or_default(),
        _ => label(component),
    }
}

/// The words on a button, else its emoji.
pub(super) fn label(component: &Component) -> String {
    let emoji = component.emoji.as_ref().and_then(|emoji| emoji["name"].as_str());
    component.label.as_deref().or(emoji).unwrap_or_default().to_owned()
}

//! `signoff import`: reads a checklist, writes command files, tells what became of each line.

use std::path::{Path, PathBuf};

use super::{AppError, language_of_terminal, print};
use crate::cli::{CliLanguage, Import};
use crate::domain::message::{Explain, Language, Message};
use crate::import::{Facts, ImportError, Imported, LARGEST, Mark, import};
use crate::schema;
use crate::text::{say, word};

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportFailure {
    /// Nothing can be made of the document.
    #[error(transparent)]
    Document(#[from] ImportError),
    /// The document cannot be read.
    #[error("{path}: {cause}", path = path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// A file is there already.
    #[error("{path} is there already", path = .0.display())]
    Exists(PathBuf),
    /// A file cannot be written.
    #[error("{path}: {cause}", path = path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
}

impl Explain for ImportFailure {
    fn message(&self) -> Message {
        let told = |key, path: &Path| Message::new(key).with("path", path.display().to_string());
        match self {
            Self::Document(error) => error.message(),
            Self::Unreadable { path, cause } => told("import-cannot-read", path).with("cause", cause.to_string()),
            Self::Exists(path) => told("import-exists", path),
            Self::Unwritable { path, cause } => told("import-cannot-write", path).with("cause", cause.to_string()),
        }
    }

    fn hint(&self) -> Option<Message> {
        match self {
            Self::Document(error) => error.hint(),
            Self::Unreadable { .. } => Some(Message::new("import-cannot-read-hint")),
            Self::Exists(_) => Some(Message::new("import-exists-hint")),
            Self::Unwritable { .. } => None,
        }
    }
}

/// The language that was asked for, or that of the terminal.
pub(super) fn language(asked: &Import) -> Language {
    match asked.language {
        Some(CliLanguage::Ko) => Language::Ko,
        Some(CliLanguage::En) => Language::En,
        None => language_of_terminal(),
    }
}

pub(super) fn run(asked: &Import) -> Result<(), AppError> {
    let language = language(asked);
    let source = read(&asked.checklist)?;
    let name = asked.checklist.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let imported = import(&source, &name, language).map_err(ImportFailure::from)?;
    write(&imported, &asked.out, asked.force)?;
    tell(&imported, &asked.out, language)
}

fn read(path: &Path) -> Result<String, ImportFailure> {
    let unreadable = |cause| ImportFailure::Unreadable { path: path.to_owned(), cause };
    // The size is asked first: nobody waits for fifty megabytes to be read and then refused.
    let size = std::fs::metadata(path).map_err(unreadable)?.len();
    if size > LARGEST {
        return Err(ImportError::TooLarge(size).into());
    }
    std::fs::read_to_string(path).map_err(unreadable)
}

/// Writes all of the files, or none where one is in the way.
fn write(imported: &Imported, folder: &Path, force: bool) -> Result<(), ImportFailure> {
    let paths = || imported.files.iter().map(|file| (folder.join(&file.name), file));
    if let Some((path, _)) = paths().find(|(path, _)| !force && path.exists()) {
        return Err(ImportFailure::Exists(path));
    }
    let unwritable = |path: &Path, cause| ImportFailure::Unwritable { path: path.to_owned(), cause };
    std::fs::create_dir_all(folder).map_err(|cause| unwritable(folder, cause))?;
    let schema = folder.join("command.schema.json");
    std::fs::write(&schema, format!("{:#}\n", schema::command())).map_err(|cause| unwritable(&schema, cause))?;
    paths().try_for_each(|(path, file)| std::fs::write(&path, &file.text).map_err(|cause| unwritable(&path, cause)))
}

fn tell(imported: &Imported, folder: &Path, language: Language) -> Result<(), AppError> {
    for note in &imported.notes {
        let mark = match note.mark {
            Mark::Understood => format!("✓ {}", word("import-mark-understood", language)),
            Mark::Guessed => format!("? {}", word("import-mark-guessed", language)),
            Mark::Left => format!("- {}", word("import-mark-left", language)),
        };
        print(&format!("{:>5} {mark}  {}", note.line, say(&note.message, language)))?;
    }
    print("")?;
    for file in &imported.files {
        let told = match file.enabled {
            true => Message::new("import-written").with("checks", file.checks.to_string()),
            false => Message::new("import-written-off"),
        };
        print(&say(&told.with("path", folder.join(&file.name).display().to_string()), language))?;
    }
    if let Some(host) = host(&imported.facts) {
        print(&format!("\n{}\n\n{host}", word("import-host", language)))?;
    }
    let done =
        Message::new("import-done").with("items", imported.items.to_string()).with("asked", imported.asked.to_string());
    print(&format!("\n{}", say(&done, language)))
}

/// What the document says of its host, as `bot.toml` has it.
fn host(facts: &Facts) -> Option<String> {
    let address = facts.address.as_ref()?;
    let text = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let name = facts.project.as_deref().unwrap_or("server").replace('_', "-").to_lowercase();
    let mut lines = vec![format!("[hosts.{}]", text(&name)), "transport       = \"ssh\"".to_owned()];
    lines.push(format!("address         = {}", text(address)));
    lines.extend(facts.user.as_ref().map(|user| format!("user            = {}", text(user))));
    lines.extend(facts.key.as_ref().map(|key| format!("key             = {{ file = {} }}", text(key))));
    lines.extend(facts.project.as_ref().map(|project| format!("compose_project = {}", text(project))));
    lines.extend(facts.sites.first().map(|site| format!("site            = {}", text(&format!("https://{site}")))));
    if let Some(region) = &facts.region {
        lines.push(format!("\n[aws]\nregion = {}", text(region)));
    }
    Some(lines.join("\n"))
}

//! A table of a TOML file, asked key by key. A key that nobody asked for is a problem, told when the table is dropped.

use std::cell::{Cell, RefCell};
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Document, Place, did_you_mean};
use crate::domain::message::{Localised, Message};

/// A value, and where it stands.
#[derive(Clone, Debug)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Its place in the file, in bytes.
    pub span: Range<usize>,
}

impl<T> Located<T> {
    /// The same place with what `convert` makes of the value.
    pub fn map<U>(self, convert: impl FnOnce(T) -> U) -> Located<U> {
        Located { value: convert(self.value), span: self.span }
    }
}

/// A table that is being read.
#[derive(Debug)]
pub struct Table<'a> {
    document: &'a Document,
    table: &'a DeTable<'a>,
    span: Range<usize>,
    asked: RefCell<Vec<&'static str>>,
    /// Keys are names that the writer chose: none of them is unknown.
    free: Cell<bool>,
}

impl<'a> Table<'a> {
    pub(super) fn root(document: &'a Document, table: &'a DeTable<'a>) -> Self {
        Self::new(document, table, 0..0)
    }

    fn new(document: &'a Document, table: &'a DeTable<'a>, span: Range<usize>) -> Self {
        Self { document, table, span, asked: RefCell::new(Vec::new()), free: Cell::new(false) }
    }

    /// Where the table stands.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Notes what is wrong at `span`.
    pub fn problem(&self, span: Range<usize>, message: Message) {
        self.document.problem(span, message);
    }

    /// Notes what is wrong at `span`, and what would be right.
    pub fn problem_with_hint(&self, span: Range<usize>, message: Message, hint: Option<Message>) {
        self.document.problem_with_hint(span, message, hint);
    }

    /// Where `span` begins, for who can say only later whether what stands there is right.
    pub fn place(&self, span: Range<usize>) -> Place {
        self.document.place(span)
    }

    /// The keys, for a table whose keys are names that the writer chose.
    pub fn names(&self) -> Vec<Located<String>> {
        self.free.set(true);
        self.table.keys().map(|key| Located { value: key.get_ref().to_string(), span: key.span() }).collect()
    }

    fn value(&self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        let mut asked = self.asked.borrow_mut();
        if !asked.contains(&key) {
            asked.push(key);
        }
        self.table.get(key)
    }

    /// The value of `key` as `read` takes it; a problem where it is of another type.
    fn typed<T>(
        &self,
        key: &str,
        value: Option<&'a Spanned<DeValue<'a>>>,
        expected: &'static str,
        read: impl FnOnce(&'a DeValue<'a>) -> Option<T>,
    ) -> Option<Located<T>> {
        let value = value?;
        if let Some(found) = read(value.get_ref()) {
            return Some(Located { value: found, span: value.span() });
        }
        let message = Message::new("file-wrong-type")
            .with("key", key)
            .with("expected", Message::new(expected))
            .with("found", Message::new(type_key(value.get_ref())));
        self.document.problem(value.span(), message);
        None
    }

    /// A problem if there is nothing at `key`.
    fn required<T>(&self, key: &'static str, found: Option<Located<T>>) -> Option<Located<T>> {
        if found.is_none() && !self.table.contains_key(key) {
            self.document.problem(self.span(), Message::new("file-missing-key").with("key", key));
        }
        found
    }

    /// The text of `key`, where there is one.
    pub fn text(&self, key: &'static str) -> Option<Located<String>> {
        self.typed(key, self.value(key), "file-type-text", |value| value.as_str().map(str::to_owned))
    }

    /// The text of `key`, which must be there.
    pub fn required_text(&self, key: &'static str) -> Option<Located<String>> {
        self.required(key, self.text(key))
    }

    /// The text of the key `name`, in a table whose keys are names.
    pub fn text_of(&self, name: &str) -> Option<Located<String>> {
        self.typed(name, self.table.get(name), "file-type-text", |value| value.as_str().map(str::to_owned))
    }

    /// The whole number of `key`, where there is one.
    pub fn integer(&self, key: &'static str) -> Option<Located<i64>> {
        self.typed(key, self.value(key), "file-type-integer", |value| value.as_integer()?.as_str().parse().ok())
    }

    /// `true` or `false` at `key`, where there is one.
    pub fn flag(&self, key: &'static str) -> Option<Located<bool>> {
        self.typed(key, self.value(key), "file-type-flag", DeValue::as_bool)
    }

    /// The texts of the list at `key`; none where there is no list.
    pub fn texts(&self, key: &'static str) -> Vec<Located<String>> {
        self.list(key, self.value(key))
    }

    /// The texts of the list at the key `name`, in a table whose keys are names.
    pub fn texts_of(&self, name: &str) -> Vec<Located<String>> {
        self.list(name, self.table.get(name))
    }

    fn list(&self, key: &str, value: Option<&'a Spanned<DeValue<'a>>>) -> Vec<Located<String>> {
        let Some(list) = self.typed(key, value, "file-type-texts", DeValue::as_array) else { return Vec::new() };
        list.value
            .iter()
            .filter_map(|item| self.typed(key, Some(item), "file-type-text", |value| value.as_str().map(str::to_owned)))
            .collect()
    }

    /// The whole numbers of the list at `key`; none where there is no list.
    pub fn integers(&self, key: &'static str) -> Vec<Located<i64>> {
        let list = self.typed(key, self.value(key), "file-type-integers", DeValue::as_array);
        let read = |value: &'a DeValue<'a>| value.as_integer()?.as_str().parse().ok();
        let items = list.iter().flat_map(|list| list.value.iter());
        items.filter_map(|item| self.typed(key, Some(item), "file-type-integer", read)).collect()
    }

    /// The table at `key`, where there is one.
    pub fn table(&self, key: &'static str) -> Option<Table<'a>> {
        self.sub_table(key, self.value(key))
    }

    /// The table at `key`, which must be there.
    pub fn required_table(&self, key: &'static str) -> Option<Table<'a>> {
        let found = self.table(key).map(|table| Located { span: table.span(), value: table });
        self.required(key, found).map(|located| located.value)
    }

    /// The table at the key `name`, in a table whose keys are names.
    pub fn table_of(&self, name: &str) -> Option<Table<'a>> {
        self.sub_table(name, self.table.get(name))
    }

    fn sub_table(&self, key: &str, value: Option<&'a Spanned<DeValue<'a>>>) -> Option<Table<'a>> {
        let found = self.typed(key, value, "file-type-table", DeValue::as_table)?;
        Some(Table::new(self.document, found.value, found.span))
    }

    /// The tables of the list at `key`; none where there is no list.
    pub fn tables(&self, key: &'static str) -> Vec<Table<'a>> {
        let Some(list) = self.typed(key, self.value(key), "file-type-tables", DeValue::as_array) else {
            return Vec::new();
        };
        list.value.iter().filter_map(|item| self.sub_table(key, Some(item))).collect()
    }

    /// Whether anything stands at `key`.
    pub fn has(&self, key: &'static str) -> bool {
        self.value(key).is_some()
    }

    /// Lets every key pass: the table is of a kind that nobody knows, and that was told already.
    pub fn take_all(&self) {
        self.free.set(true);
    }

    /// Whether a text stands at `key`, where a table may stand as well.
    pub fn is_text(&self, key: &str) -> bool {
        self.table.get(key).is_some_and(|value| value.get_ref().is_str())
    }

    /// The text at `key` in both languages, where there is one.
    pub fn localised(&self, key: &'static str) -> Option<Located<Localised>> {
        let table = self.table(key)?;
        table.both_languages()
    }

    /// The text at `key` in both languages, which must be there.
    pub fn required_localised(&self, key: &'static str) -> Option<Located<Localised>> {
        let found = self.localised(key);
        self.required(key, found)
    }

    /// The table itself as a text in both languages.
    pub fn both_languages(&self) -> Option<Located<Localised>> {
        let (ko, en) = (self.required_text("ko"), self.required_text("en"));
        Some(Located { value: Localised { ko: ko?.value, en: en?.value }, span: self.span() })
    }
}

/// What a value is, as a sentence says it.
const fn type_key(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "file-type-text",
        DeValue::Integer(_) => "file-type-integer",
        DeValue::Float(_) => "file-type-float",
        DeValue::Boolean(_) => "file-type-flag",
        DeValue::Datetime(_) => "file-type-time",
        DeValue::Array(_) => "file-type-list",
        DeValue::Table(_) => "file-type-table",
    }
}

impl Drop for Table<'_> {
    /// Tells of the keys that nobody asked for: every reader asks for all that it knows before it lets go.
    fn drop(&mut self) {
        if self.free.get() {
            return;
        }
        let asked = self.asked.borrow();
        for key in self.table.keys() {
            let name = key.get_ref().as_ref();
            if !asked.contains(&name) {
                self.document.problem_with_hint(
                    key.span(),
                    Message::new("file-unknown-key").with("key", name),
                    did_you_mean(name, asked.iter().copied())
                        .or_else(|| Some(Message::new("file-known-keys").with("names", asked.join(", ")))),
                );
            }
        }
    }
}

//! Finds where something stands in a file that was read before: what one file says of another is known to be wrong only
//! when both are read.

use toml::de::DeTable;

use super::{Document, Place};

impl Document {
    /// Where the last of `keys` stands, each of which is in the table of the one before.
    pub fn place_of_key(&self, keys: &[&str]) -> Option<Place> {
        let (last, tables) = keys.split_last()?;
        let (root, _) = DeTable::parse_recoverable(&self.text);
        let table = inner(root.get_ref(), tables)?;
        let (key, _) = table.get_key_value(*last)?;
        Some(self.place(key.span()))
    }

    /// Where the value of the last of `keys` stands.
    pub fn place_of_value(&self, keys: &[&str]) -> Option<Place> {
        let (last, tables) = keys.split_last()?;
        let (root, _) = DeTable::parse_recoverable(&self.text);
        let value = inner(root.get_ref(), tables)?.get(*last)?;
        Some(self.place(value.span()))
    }

    /// Where `word` stands in the list at `key`.
    pub fn place_of_word(&self, key: &str, word: &str) -> Option<Place> {
        let (root, _) = DeTable::parse_recoverable(&self.text);
        let list = root.get_ref().get(key)?.get_ref().as_array()?;
        let item = list.iter().find(|item| item.get_ref().as_str() == Some(word))?;
        Some(self.place(item.span()))
    }

    /// The text at `key`, whatever else is wrong with the file; `otherwise` where the file does not say it. None where that
    /// cannot be told: it is no text, or it may stand in a line that cannot be read.
    pub fn text_despite_faults(&self, key: &str, otherwise: &str) -> Option<String> {
        let (root, errors) = DeTable::parse_recoverable(&self.text);
        match root.get_ref().get(key) {
            Some(value) => value.get_ref().as_str().filter(|text| !text.is_empty()).map(str::to_owned),
            None if !errors.is_empty() && self.text.lines().any(|line| line.trim_start().starts_with(key)) => None,
            None => Some(otherwise.to_owned()),
        }
    }
}

/// The table that `keys` lead to.
fn inner<'t, 'i>(root: &'t DeTable<'i>, keys: &[&str]) -> Option<&'t DeTable<'i>> {
    keys.iter().try_fold(root, |table, key| table.get(*key)?.get_ref().as_table())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn document(text: &str) -> Document {
        Document::new(Path::new("bot.toml"), text.to_owned())
    }

    #[test]
    fn what_stands_in_a_file_is_found() {
        let file = document("ask = [\"a\", \"b\"]\n[may_run]\ndailly = []\n[hosts.one.rota]\nweeky = { order = [] }\n");
        let at = |place: Option<Place>| place.map(|place| (place.line, place.column));
        assert_eq!(at(file.place_of_key(&["may_run", "dailly"])), Some((3, 1)));
        assert_eq!(at(file.place_of_key(&["hosts", "one", "rota", "weeky"])), Some((5, 1)));
        assert_eq!(at(file.place_of_value(&["may_run", "dailly"])), Some((3, 10)));
        assert_eq!(at(file.place_of_word("ask", "b")), Some((1, 13)));
        assert_eq!(at(file.place_of_key(&["may_run", "weekly"])), None);
        assert_eq!(at(file.place_of_word("ask", "c")), None);
    }

    #[test]
    fn a_text_is_found_beside_what_is_wrong() {
        let commands = |text: &str| document(text).text_despite_faults("commands", "usual");
        assert_eq!(commands("commands = \"there\"\nuser = 1\nuser = 2\n"), Some("there".into()));
        assert_eq!(commands("user = 1\nuser = 2\n"), Some("usual".into()));
        assert_eq!(commands("commands = 7\n"), None);
        assert_eq!(commands("commands = \n[hosts]\n"), None, "what stands there cannot be read");
    }
}

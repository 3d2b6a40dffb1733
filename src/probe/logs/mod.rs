//! Logs over days: counted and filtered on the host, so that little of them travels.

pub(super) mod access;
pub(super) mod errors;
pub(super) mod logins;
pub(super) mod secrets;

use crate::domain::quantity::Quantity;

/// A count as a quantity.
fn count(number: f64) -> Quantity {
    Quantity::count(number)
}

/// The number after `name ` at the beginning of a line.
fn field(text: &str, name: &str) -> Option<f64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))?;
    line.trim().parse().ok()
}

/// The lines `name KEY NUMBER`, in the order in which they come.
fn fields<'a>(text: &'a str, name: &'a str) -> impl Iterator<Item = (&'a str, f64)> {
    text.lines().filter_map(move |line| {
        let (key, number) = line.strip_prefix(name)?.strip_prefix(' ')?.rsplit_once(' ')?;
        Some((key, number.parse().ok()?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_by_their_whole_name() {
        let text = "total 12\ntotals 3\ntop 10.0.0.1 7\ntop 2001:db8::1 2\ntop bad x";
        assert_eq!(field(text, "total"), Some(12.0));
        assert_eq!(field(text, "to"), None);
        assert_eq!(fields(text, "top").collect::<Vec<_>>(), [("10.0.0.1", 7.0), ("2001:db8::1", 2.0)]);
    }
}

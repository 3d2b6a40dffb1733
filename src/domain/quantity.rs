//! Numbers with a unit: what a probe measures and what a threshold names.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a number counts. Every unit of one dimension is kept in the dimension's base unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// A plain count; base unit 1.
    Count,
    /// A share of a whole; base unit per cent.
    Percent,
    /// An amount of data; base unit byte. `GB` is 10⁹ bytes, `GiB` is 2³⁰.
    Bytes,
    /// A span of time; base unit second.
    Time,
    /// An amount of money; base unit US dollar.
    Dollars,
}

impl Dimension {
    /// The base unit as it is written in JSON and in the database.
    pub const fn base_unit(self) -> &'static str {
        match self {
            Self::Count => "",
            Self::Percent => "%",
            Self::Bytes => "B",
            Self::Time => "s",
            Self::Dollars => "$",
        }
    }

    /// The dimension whose base unit is `unit`; the reverse of [`Dimension::base_unit`].
    pub fn from_base_unit(unit: &str) -> Option<Self> {
        [Self::Count, Self::Percent, Self::Bytes, Self::Time, Self::Dollars]
            .into_iter()
            .find(|dimension| dimension.base_unit() == unit)
    }
}

/// Every unit a threshold may be written in: its spelling, its dimension, and how many base units it is.
const UNITS: &[(&str, Dimension, f64)] = &[
    ("", Dimension::Count, 1.0),
    ("%", Dimension::Percent, 1.0),
    ("B", Dimension::Bytes, 1.0),
    ("kB", Dimension::Bytes, 1e3),
    ("MB", Dimension::Bytes, 1e6),
    ("GB", Dimension::Bytes, 1e9),
    ("TB", Dimension::Bytes, 1e12),
    ("KiB", Dimension::Bytes, 1024.0),
    ("MiB", Dimension::Bytes, 1_048_576.0),
    ("GiB", Dimension::Bytes, 1_073_741_824.0),
    ("ms", Dimension::Time, 1e-3),
    ("s", Dimension::Time, 1.0),
    ("min", Dimension::Time, 60.0),
    ("h", Dimension::Time, 3600.0),
    ("d", Dimension::Time, 86_400.0),
];

/// The spellings of all units, for a hint after a wrong one.
pub fn unit_names() -> impl Iterator<Item = &'static str> {
    UNITS.iter().map(|(name, ..)| *name).filter(|name| !name.is_empty())
}

/// A number in the base unit of its dimension.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quantity {
    /// The number, in base units.
    pub value: f64,
    /// What it counts.
    pub dimension: Dimension,
}

/// Why a text is not a quantity.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuantityError {
    /// There is no number at the start.
    #[error("`{0}` does not begin with a number")]
    NotANumber(String),
    /// The number is there, its unit is not one of [`unit_names`].
    #[error("`{0}` is not a unit")]
    UnknownUnit(String),
}

impl Quantity {
    /// A plain count.
    pub const fn count(value: f64) -> Self {
        Self { value, dimension: Dimension::Count }
    }

    /// A share, in per cent.
    pub const fn percent(value: f64) -> Self {
        Self { value, dimension: Dimension::Percent }
    }

    /// An amount of data, in bytes.
    pub const fn bytes(value: f64) -> Self {
        Self { value, dimension: Dimension::Bytes }
    }

    /// A span of time, in seconds.
    pub const fn seconds(value: f64) -> Self {
        Self { value, dimension: Dimension::Time }
    }

    /// A span of time.
    pub const fn duration(value: std::time::Duration) -> Self {
        Self::seconds(value.as_secs_f64())
    }

    /// Reads `80 %`, `500 ms`, `1.5 GB`, `$15`, `7`; blanks between number and unit are free.
    ///
    /// # Errors
    /// [`QuantityError`] when there is no number, or the unit is not one of [`unit_names`].
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        let text = text.trim();
        let (text, dollars) = text.strip_prefix('$').map_or((text, false), |rest| (rest, true));
        let end = text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '_'))).unwrap_or(text.len());
        let (number, unit) = text.split_at(end);
        let value: f64 = number.replace('_', "").parse().map_err(|_| QuantityError::NotANumber(text.to_owned()))?;
        let unit = unit.trim();
        if dollars && unit.is_empty() {
            return Ok(Self { value, dimension: Dimension::Dollars });
        }
        UNITS
            .iter()
            .find(|(name, ..)| *name == unit && !dollars)
            .map(|(_, dimension, factor)| Self { value: value * factor, dimension: *dimension })
            .ok_or_else(|| QuantityError::UnknownUnit(unit.to_owned()))
    }

    /// A span of time in its one or two largest units, each with its number and sign; none where it is no span.
    pub fn span(self) -> Option<Vec<(String, &'static str)>> {
        (self.dimension == Dimension::Time).then(|| span(self.value))
    }
}

/// With the signs of its units, as in files: `83.1 %`, `412 ms`, `16.6 GB`, `3 d 4 h`, `$14.20`, `12`. A reader's own language
/// may have words for them.
impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.value;
        match self.dimension {
            Dimension::Count if value.fract() == 0.0 => write!(f, "{value:.0}"),
            Dimension::Count => write!(f, "{value:.2}"),
            Dimension::Percent => write!(f, "{value:.1} %"),
            Dimension::Dollars => write!(f, "${value:.2}"),
            Dimension::Bytes => {
                let (name, factor) = largest_unit(value, &["TB", "GB", "MB", "kB", "B"]);
                let precision = usize::from(factor > 1.0);
                write!(f, "{:.precision$} {name}", value / factor)
            }
            Dimension::Time => {
                let parts: Vec<_> = span(value).into_iter().map(|(number, unit)| format!("{number} {unit}")).collect();
                f.write_str(&parts.join(" "))
            }
        }
    }
}

fn span(seconds: f64) -> Vec<(String, &'static str)> {
    let (name, factor) = largest_unit(seconds, &["d", "h", "min", "s", "ms"]);
    let whole = (seconds / factor).trunc();
    let smaller = match name {
        "d" => Some(("h", 3600.0)),
        "h" => Some(("min", 60.0)),
        _ => None,
    };
    let rest = smaller.map(|(unit, size)| (unit, ((seconds - whole * factor) / size).trunc()));
    match rest {
        Some((unit, rest)) if rest > 0.0 => vec![(format!("{whole:.0}"), name), (format!("{rest:.0}"), unit)],
        Some(_) => vec![(format!("{whole:.0}"), name)],
        None if name == "s" && seconds < 10.0 => vec![(format!("{seconds:.1}"), name)],
        // A query may take less than one.
        None if name == "ms" && seconds > 0.0 && seconds < 0.0095 => vec![(format!("{:.1}", seconds / factor), name)],
        None => vec![(format!("{:.0}", seconds / factor), name)],
    }
}

/// The first of `names` (largest first) that `value` fills at least once, or else the last.
fn largest_unit(value: f64, names: &[&'static str]) -> (&'static str, f64) {
    let size = |name: &str| UNITS.iter().find(|(unit, ..)| *unit == name).map_or(1.0, |(.., factor)| *factor);
    let last = names.last().copied().unwrap_or("");
    let name = names.iter().copied().find(|name| value.abs() >= size(name)).unwrap_or(last);
    (name, size(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_unit_into_its_base() {
        for (text, expected) in [
            ("80 %", Quantity::percent(80.0)),
            ("80%", Quantity::percent(80.0)),
            ("500 ms", Quantity::seconds(0.5)),
            ("30 d", Quantity::seconds(2_592_000.0)),
            ("10 GB", Quantity::bytes(10e9)),
            ("1 GiB", Quantity::bytes(1_073_741_824.0)),
            ("1_000", Quantity::count(1000.0)),
            ("-3", Quantity::count(-3.0)),
            ("$15", Quantity { value: 15.0, dimension: Dimension::Dollars }),
        ] {
            assert_eq!(Quantity::parse(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn a_wrong_text_is_never_zero() {
        assert_eq!(Quantity::parse("80 prozent"), Err(QuantityError::UnknownUnit("prozent".into())));
        assert_eq!(Quantity::parse("lots"), Err(QuantityError::NotANumber("lots".into())));
        assert_eq!(Quantity::parse("$15 GB"), Err(QuantityError::UnknownUnit("GB".into())));
        assert_eq!(Quantity::parse("%"), Err(QuantityError::NotANumber("%".into())));
    }

    #[test]
    fn writes_what_a_person_would() {
        for (quantity, expected) in [
            (Quantity::percent(83.14), "83.1 %"),
            (Quantity::seconds(0.0842), "84 ms"),
            (Quantity::seconds(0.00042), "0.4 ms"),
            (Quantity::seconds(0.0), "0 ms"),
            (Quantity::seconds(1.25), "1.2 s"),
            (Quantity::seconds(95.0), "2 min"),
            (Quantity::seconds(273_600.0), "3 d 4 h"),
            (Quantity::seconds(7200.0), "2 h"),
            (Quantity::bytes(16.62e9), "16.6 GB"),
            (Quantity::bytes(512.0), "512 B"),
            (Quantity::count(3.0), "3"),
            (Quantity { value: 14.2, dimension: Dimension::Dollars }, "$14.20"),
        ] {
            assert_eq!(quantity.to_string(), expected);
        }
    }
}

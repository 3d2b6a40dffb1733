//! What is due: occurrences, who has to look at them, what is told unasked, and what people changed about a rota.

mod assignment;
mod done;
mod notice;
mod occurrence;
mod planned;
mod rota;
#[cfg(test)]
mod tests;

#[cfg(test)]
pub(super) use occurrence::BETWEEN;
pub use planned::Planned;

//! A trend as a picture: a PNG on a panel of its own, so that it reads on a light page and on a dark one. Only figures and
//! plain letters stand in it; what it means stands in words beside it. Pure: no font and no program of the machine.

mod canvas;
mod scale;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use self::canvas::{Align, Canvas, Ink, Sign};
use self::scale::Scale;
use crate::domain::grade::Grade;
use crate::domain::quantity::Dimension;
use crate::domain::trend::{Limit, Line, Point, Spread, Trend};

/// The picture's size in pixels: on a phone it is shown some 350 points wide.
const WIDTH: u32 = 1000;
const HEIGHT: u32 = 560;

const PANEL: Ink = Ink(0x1B_20_27, 1.0);
const TEXT: Ink = Ink(0xF0_F3_F6, 1.0);
const DIM: Ink = Ink(0xA8_B3_BF, 1.0);
const GRID: Ink = Ink(0x33_3B_46, 1.0);
const FAIL: Ink = Ink(0xFF_8A_7A, 1.0);
const WARN: Ink = Ink(0xFF_D1_66, 1.0);

/// How each subject is drawn: told apart by colour, by dashes and by sign.
const STYLES: [(Ink, &[f32], Sign); 4] = [
    (Ink(0x6F_C3_FF, 1.0), &[], Sign::Circle),
    (Ink(0xF4_A9_D0, 1.0), &[16.0, 7.0], Sign::Square),
    (Ink(0xB5_E0_7A, 1.0), &[5.0, 6.0], Sign::Ring),
    (Ink(0xCF_B5_FF, 1.0), &[18.0, 6.0, 4.0, 6.0], Sign::Bar),
];

const TITLE_SIZE: f32 = 30.0;
const SIZE: f32 = 24.0;
const SMALL: f32 = 21.0;

/// More values than this in one line, and each has no sign of its own.
const MOST_SIGNS: usize = 64;

/// The trend as a PNG, with the days of `zone`; `title` stands above it. None where it cannot be painted.
pub fn png(trend: &Trend, title: &str, zone: Tz) -> Option<Vec<u8>> {
    let mut chart = Chart::new(trend)?;
    chart.heading(title, zone);
    chart.marks(zone);
    chart.gaps();
    chart.limits();
    for (line, style) in trend.lines.iter().zip(STYLES) {
        chart.line(line, style);
    }
    chart.limit_words();
    chart.latest();
    chart.canvas.png()
}

struct Chart<'a> {
    canvas: Canvas,
    trend: &'a Trend,
    scale: Scale,
    left: f32,
    right: f32,
    top: f32,
    bottom: f32,
}

#[allow(clippy::cast_precision_loss, reason = "pixels are few")]
const fn pixels(size: u32) -> f32 {
    size as f32
}

#[allow(clippy::cast_possible_truncation, reason = "a place in a picture needs no more")]
const fn narrow(value: f64) -> f32 {
    value as f32
}

impl<'a> Chart<'a> {
    fn new(trend: &'a Trend) -> Option<Self> {
        let mut canvas = Canvas::new(WIDTH, HEIGHT)?;
        let (width, height) = (pixels(WIDTH), pixels(HEIGHT));
        canvas.rounded((0.0, 0.0), (width, height), 18.0, PANEL);
        let (least, most) = bounds(trend);
        let scale = Scale::of(trend.dimension, least, most);
        let widest = scale.marks.iter().map(|(_, label)| canvas.width(label, SIZE)).fold(0.0, f32::max);
        let beside = trend.lines.iter().filter_map(|line| line.points.last());
        let latest =
            beside.map(|(_, value)| canvas.width(&trend.quantity(*value).to_string(), SIZE)).fold(0.0, f32::max);
        let top = if trend.lines.len() > 1 { 122.0 } else { 86.0 };
        let (left, right) = (24.0 + widest + 14.0, width - latest - 44.0);
        Some(Self { canvas, trend, scale, left, right, top, bottom: height - 58.0 })
    }

    fn x(&self, at: DateTime<Utc>) -> f32 {
        let span = (self.trend.to - self.trend.from).as_seconds_f64().max(1.0);
        let share = narrow((at - self.trend.from).as_seconds_f64() / span).clamp(0.0, 1.0);
        self.left + share * (self.right - self.left)
    }

    fn y(&self, value: f64) -> f32 {
        let share = narrow((value - self.scale.low) / (self.scale.high - self.scale.low).max(f64::MIN_POSITIVE));
        self.bottom - share * (self.bottom - self.top)
    }

    fn place(&self, point: &Point) -> (f32, f32) {
        (self.x(point.0), self.y(point.1))
    }

    /// What is shown, of when, and with several subjects which line is whose.
    fn heading(&mut self, title: &str, zone: Tz) {
        let day = |at: DateTime<Utc>| at.with_timezone(&zone).format("%Y-%m-%d").to_string();
        let span = format!("{} \u{2013} {}", day(self.trend.from), day(self.trend.to));
        let room = pixels(WIDTH) - 72.0 - self.canvas.width(&span, SMALL);
        let title = self.fitting(title, TITLE_SIZE, room);
        self.canvas.text(&title, (24.0, 48.0), TITLE_SIZE, Align::Left, TEXT);
        self.canvas.text(&span, (pixels(WIDTH) - 24.0, 46.0), SMALL, Align::Right, DIM);
        if self.trend.lines.len() < 2 {
            return;
        }
        let mut x = 24.0;
        let room = (pixels(WIDTH) - 48.0) / pixels(u32::try_from(self.trend.lines.len()).unwrap_or(1)) - 78.0;
        for (line, (ink, dashes, sign)) in self.trend.lines.iter().zip(STYLES) {
            let name = self.fitting(line.subject.as_deref().unwrap_or("-"), SMALL, room);
            self.canvas.line(&[(x, 80.0), (x + 40.0, 80.0)], 4.0, dashes, ink);
            self.canvas.sign(sign, (x + 20.0, 80.0), 6.5, ink);
            self.canvas.text(&name, (x + 50.0, 87.0), SMALL, Align::Left, TEXT);
            x += 78.0 + self.canvas.width(&name, SMALL);
        }
    }

    /// `text`, with its end cut off where it is wider than `room`.
    fn fitting(&self, text: &str, size: f32, room: f32) -> String {
        let mut shown: String = text.to_owned();
        while self.canvas.width(&shown, size) > room && shown.chars().count() > 2 {
            shown = shown.chars().take(shown.chars().count() - 2).chain(['\u{2026}']).collect();
        }
        shown
    }

    /// Values at the left edge, days at the lower one.
    fn marks(&mut self, zone: Tz) {
        for (value, label) in self.scale.marks.clone() {
            let y = self.y(value);
            self.canvas.line(&[(self.left, y), (self.right, y)], 1.5, &[], GRID);
            self.canvas.text(&label, (self.left - 14.0, y + 8.0), SIZE, Align::Right, DIM);
        }
        let mut free = 0.0;
        for (at, label) in scale::days(self.trend.from, self.trend.to, zone) {
            let x = self.x(at);
            self.canvas.line(&[(x, self.top), (x, self.bottom)], 1.5, &[], GRID.faint(0.7));
            let half = self.canvas.width(&label, SIZE) / 2.0;
            if x - half >= free && x + half <= pixels(WIDTH) - 12.0 {
                self.canvas.text(&label, (x, self.bottom + 36.0), SIZE, Align::Middle, DIM);
                free = x + half + 14.0;
            }
        }
    }

    /// Where nothing was measured.
    fn gaps(&mut self) {
        const WRITTEN: &str = "no data";
        for (from, to) in self.trend.gaps() {
            // A little off the values at both ends.
            let (left, right) = (self.x(from) + 8.0, self.x(to) - 8.0);
            let mut x = left;
            while x < right {
                self.canvas.line(&[(x, self.bottom), (x, self.bottom - 12.0)], 2.0, &[], DIM.faint(0.8));
                x += 9.0;
            }
            self.canvas.rectangle((left, self.top), (right, self.bottom), DIM.faint(0.07));
            if right - left > self.canvas.width(WRITTEN, SMALL) + 12.0 {
                let place = (f32::midpoint(left, right), self.bottom - 22.0);
                self.canvas.text(WRITTEN, place, SMALL, Align::Middle, DIM);
            }
        }
    }

    /// The thresholds as lines, and what lies beyond them, tinted.
    fn limits(&mut self) {
        let trend = self.trend;
        for (limit, edge) in
            trend.limits.iter().flat_map(|limit| limit.edges().into_iter().map(move |edge| (limit, edge)))
        {
            if self.is_outside(edge.at) {
                continue;
            }
            let (ink, dashes) = style(limit.grade);
            let (y, end) = (self.y(edge.at), if edge.met_above { self.top } else { self.bottom });
            self.canvas.rectangle((self.left, y.min(end)), (self.right, y.max(end)), ink.faint(0.06));
            self.canvas.line(&[(self.left, y), (self.right, y)], 2.5, dashes, ink.faint(0.9));
        }
    }

    /// What the thresholds are, beside their lines: where they hide the fewest values.
    fn limit_words(&mut self) {
        let trend = self.trend;
        let places: Vec<_> = trend.lines.iter().flat_map(|line| &line.points).map(|point| self.place(point)).collect();
        let mut taken: Vec<Bounds> = Vec::new();
        for (limit, edge) in
            trend.limits.iter().flat_map(|limit| limit.edges().into_iter().map(move |edge| (limit, edge)))
        {
            let mut words = format!("{} {}", limit.grade.name(), limit.condition);
            if self.is_outside(edge.at) {
                words.push_str(if edge.at > self.scale.high { " (above)" } else { " (below)" });
            }
            let (width, y) = (self.canvas.width(&words, SMALL), self.y(edge.at).clamp(self.top, self.bottom));
            // On the bad side of its line rather than on the other, and at the left end rather than further on.
            let sides = if edge.met_above { [y - 10.0, y + 26.0] } else { [y + 26.0, y - 10.0] };
            let room = (self.right - self.left - width - 24.0).max(0.0);
            let across = (0_u16..=12).map(|step| self.left + 12.0 + f32::from(step) / 12.0 * room);
            let boxes = sides.into_iter().flat_map(|base| across.clone().map(move |x| Bounds { x, base, width }));
            let free = boxes.filter(|place| {
                place.base - 20.0 >= self.top - 4.0
                    && place.base <= self.bottom - 2.0
                    && taken.iter().all(|other| !place.meets(other))
            });
            let hidden = |place: &Bounds| places.iter().filter(|point| place.holds(**point)).count();
            let Some(place) = free.min_by_key(hidden) else { continue };
            let (upper, lower) = ((place.x - 6.0, place.base - 20.0), (place.x + width + 6.0, place.base + 6.0));
            self.canvas.rounded(upper, lower, 6.0, PANEL.faint(0.85));
            self.canvas.text(&words, (place.x, place.base), SMALL, Align::Left, style(limit.grade).0);
            taken.push(place);
        }
    }

    fn is_outside(&self, value: f64) -> bool {
        value > self.scale.high || value < self.scale.low
    }

    fn line(&mut self, line: &Line, (ink, dashes, sign): (Ink, &[f32], Sign)) {
        let alone = self.trend.lines.len() == 1;
        let signs = line.points.len() <= MOST_SIGNS;
        let mut spreads = line.spreads.as_slice();
        for stretch in line.stretches(self.trend.gap()) {
            let places: Vec<_> = thinned(stretch.iter().map(|point| self.place(point)));
            if alone && spreads.is_empty() {
                self.canvas.area(&places, self.bottom, ink.faint(0.3));
            }
            let (own, others) = spreads.split_at(stretch.len().min(spreads.len()));
            spreads = others;
            self.band(stretch, own, ink);
            self.canvas.line(&places, if signs { 4.0 } else { 2.0 }, dashes, ink);
            for point in stretch.iter().filter(|_| signs || stretch.len() == 1) {
                self.value(point, sign, ink);
            }
        }
    }

    /// Between the least and the most of what each point stands for: a peak does not vanish in a mean.
    fn band(&mut self, points: &[Point], spreads: &[Spread], ink: Ink) {
        let edge = |value: fn(&Spread) -> f64| {
            let places = points.iter().zip(spreads).map(|(point, spread)| (self.x(point.0), self.y(value(spread))));
            places.collect::<Vec<_>>()
        };
        let (mut around, least) = (edge(|spread| spread.most), edge(|spread| spread.least));
        around.extend(least.into_iter().rev());
        self.canvas.polygon(&around, ink.faint(0.35));
    }

    /// One value: a bad one has the sign of its grade.
    fn value(&mut self, point: &Point, sign: Sign, ink: Ink) {
        let (sign, ink, size) = match self.trend.judge(point.1) {
            Some(Grade::Fail) => (Sign::Triangle, FAIL, 8.0),
            Some(_) => (Sign::Diamond, WARN, 6.5),
            None => (sign, ink, 6.0),
        };
        let place = self.place(point);
        self.canvas.sign(sign, place, size * 1.45, PANEL);
        self.canvas.sign(sign, place, size, ink);
    }

    /// The latest value of each line, in figures.
    fn latest(&mut self) {
        let trend = self.trend;
        let last = |line: &'a Line| line.points.last();
        let mut labels: Vec<(f32, f32, String, Ink)> = Vec::new();
        for (line, (ink, _, sign)) in trend.lines.iter().zip(STYLES) {
            let Some(point) = last(line) else { continue };
            self.value(point, sign, ink);
            let (x, y) = self.place(point);
            labels.push((x + 18.0, y + 8.0, trend.quantity(point.1).to_string(), ink));
        }
        // From the top down, each at least a line below the one before.
        labels.sort_by(|one, other| one.1.total_cmp(&other.1));
        let mut free = self.top;
        for (x, y, label, ink) in labels {
            let y = y.max(free);
            free = y + SIZE + 3.0;
            self.canvas.text(&label, (x, y), SIZE, Align::Left, if trend.lines.len() == 1 { TEXT } else { ink });
        }
    }
}

/// Where a text stands: its left end, its baseline, its width.
struct Bounds {
    x: f32,
    base: f32,
    width: f32,
}

impl Bounds {
    fn meets(&self, other: &Self) -> bool {
        (self.base - other.base).abs() < 27.0
            && self.x < other.x + other.width + 16.0
            && other.x < self.x + self.width + 16.0
    }

    fn holds(&self, (x, y): (f32, f32)) -> bool {
        (self.x - 12.0..self.x + self.width + 12.0).contains(&x) && (self.base - 30.0..self.base + 14.0).contains(&y)
    }
}

/// The colour and the dashes of a threshold.
const fn style(grade: Grade) -> (Ink, &'static [f32]) {
    match grade {
        Grade::Fail => (FAIL, &[20.0, 8.0]),
        _ => (WARN, &[5.0, 8.0]),
    }
}

/// The least and the most that must be seen: every value, and every threshold that would not squeeze them flat.
fn bounds(trend: &Trend) -> (f64, f64) {
    let spreads = || trend.lines.iter().flat_map(Line::spans).map(|(_, spread)| spread);
    let least = spreads().map(|spread| spread.least).fold(f64::INFINITY, f64::min);
    let most = spreads().map(|spread| spread.most).fold(f64::NEG_INFINITY, f64::max);
    let edges = trend.limits.iter().flat_map(Limit::edges).map(|edge| edge.at);
    // Of a share it is well known where its end is; of all else three times as much is far away.
    let share = trend.dimension == Dimension::Percent && most >= 5.0;
    let near = |edge: &f64| share || (*edge <= 3.0 * most && *edge >= least / 3.0);
    let seen: Vec<f64> = edges.filter(near).collect();
    let room = |edge: f64| edge * 1.06;
    (seen.iter().copied().fold(least, f64::min), seen.iter().copied().map(room).fold(most, f64::max))
}

/// At most four places in each column of pixels, as a line through all would look: the first, the extremes, the last.
fn thinned(places: impl Iterator<Item = (f32, f32)>) -> Vec<(f32, f32)> {
    let places: Vec<_> = places.collect();
    let columns = places.chunk_by(|one, other| one.0.floor() == other.0.floor());
    columns
        .flat_map(|column| {
            if column.len() <= 4 {
                return column.to_vec();
            }
            let by_height = |one: &&(f32, f32), other: &&(f32, f32)| one.1.total_cmp(&other.1);
            let all = [column.first(), column.iter().min_by(by_height), column.iter().max_by(by_height), column.last()];
            let mut kept: Vec<_> = all.into_iter().flatten().copied().collect();
            kept.sort_by(|one, other| one.0.total_cmp(&other.0));
            kept
        })
        .collect()
}

#[cfg(test)]
mod tests;

//! Paints into memory: lines, marks and the few signs that a chart writes. Nothing of the machine is asked, no font neither.

use tiny_skia::{
    Color, FillRule, GradientStop, LineCap, LineJoin, LinearGradient, Paint, Path, PathBuilder, Pixmap, Point, Rect,
    Shader, SpreadMode, Stroke, StrokeDash, Transform,
};
use ttf_parser::{Face, OutlineBuilder};

/// The Latin letters, digits and signs of IBM Plex Sans Medium under another name, as its licence wants it: see OFL.txt.
static FIGURES: &[u8] = include_bytes!("figures.ttf");

/// A colour with its strength, 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Ink(pub(super) u32, pub(super) f32);

impl Ink {
    fn colour(self) -> Color {
        let [_, red, green, blue] = self.0.to_be_bytes();
        let mut colour = Color::from_rgba8(red, green, blue, 255);
        colour.set_alpha(self.1);
        colour
    }

    /// The same, fainter.
    pub(super) const fn faint(self, strength: f32) -> Self {
        Self(self.0, self.1 * strength)
    }
}

/// Where a text stands against its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Middle,
    Right,
}

/// A sign at a value. Each has a shape of its own: nothing is said by colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Circle,
    Square,
    Ring,
    Bar,
    Diamond,
    Triangle,
}

/// A picture that is being painted. Places are in pixels from the upper left corner.
pub(super) struct Canvas {
    pixmap: Pixmap,
    face: Face<'static>,
}

impl Canvas {
    /// An empty one; none where the size is none, or the font is broken.
    pub(super) fn new(width: u32, height: u32) -> Option<Self> {
        Some(Self { pixmap: Pixmap::new(width, height)?, face: Face::parse(FIGURES, 0).ok()? })
    }

    /// As a PNG. Few colours in long runs: the fast way of packing them is a tenth of the work, and hardly larger.
    pub(super) fn png(self) -> Option<Vec<u8>> {
        let (width, height) = (self.pixmap.width(), self.pixmap.height());
        let mut packed = Vec::new();
        let mut encoder = png::Encoder::new(&mut packed, width, height);
        encoder.set_color(png::ColorType::Rgba);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::Fast);
        let mut writer = encoder.write_header().ok()?;
        writer.write_image_data(&self.pixmap.take_demultiplied()).ok()?;
        writer.finish().ok()?;
        Some(packed)
    }

    /// A filled rectangle.
    pub(super) fn rectangle(&mut self, (left, top): (f32, f32), (right, bottom): (f32, f32), ink: Ink) {
        if let Some(rect) = Rect::from_ltrb(left, top, right, bottom) {
            self.pixmap.fill_rect(rect, &paint(ink), Transform::identity(), None);
        }
    }

    /// A filled rectangle with round corners.
    pub(super) fn rounded(&mut self, (left, top): (f32, f32), (right, bottom): (f32, f32), radius: f32, ink: Ink) {
        let mut path = PathBuilder::new();
        path.move_to(left + radius, top);
        path.line_to(right - radius, top);
        path.quad_to(right, top, right, top + radius);
        path.line_to(right, bottom - radius);
        path.quad_to(right, bottom, right - radius, bottom);
        path.line_to(left + radius, bottom);
        path.quad_to(left, bottom, left, bottom - radius);
        path.line_to(left, top + radius);
        path.quad_to(left, top, left + radius, top);
        path.close();
        self.fill(path.finish(), &paint(ink));
    }

    /// A line through `points`, dashed where `dashes` is not empty.
    pub(super) fn line(&mut self, points: &[(f32, f32)], width: f32, dashes: &[f32], ink: Ink) {
        let stroke = Stroke {
            width,
            line_cap: if dashes.is_empty() { LineCap::Round } else { LineCap::Butt },
            line_join: LineJoin::Round,
            dash: StrokeDash::new(dashes.to_vec(), 0.0),
            ..Stroke::default()
        };
        if let Some(path) = polyline(points).finish() {
            self.pixmap.stroke_path(&path, &paint(ink), &stroke, Transform::identity(), None);
        }
    }

    /// What lies between the line through `points` and `bottom`, fading downwards.
    pub(super) fn area(&mut self, points: &[(f32, f32)], bottom: f32, ink: Ink) {
        let (Some(first), Some(last)) = (points.first(), points.last()) else { return };
        let top = points.iter().map(|(_, y)| *y).fold(bottom, f32::min);
        let mut path = polyline(points);
        path.line_to(last.0, bottom);
        path.line_to(first.0, bottom);
        path.close();
        let stops = vec![GradientStop::new(0.0, ink.colour()), GradientStop::new(1.0, ink.faint(0.1).colour())];
        let (from, to) = (Point::from_xy(0.0, top), Point::from_xy(0.0, bottom.max(top + 1.0)));
        let Some(shader) = LinearGradient::new(from, to, stops, SpreadMode::Pad, Transform::identity()) else { return };
        self.fill(path.finish(), &Paint { shader, anti_alias: true, ..Paint::default() });
    }

    /// What lies within the line around `points`.
    pub(super) fn polygon(&mut self, points: &[(f32, f32)], ink: Ink) {
        let mut path = polyline(points);
        path.close();
        self.fill(path.finish(), &paint(ink));
    }

    /// A sign around `(x, y)`.
    pub(super) fn sign(&mut self, sign: Sign, (x, y): (f32, f32), size: f32, ink: Ink) {
        let corners: &[(f32, f32)] = match sign {
            Sign::Circle => &[],
            Sign::Ring => {
                if let Some(path) = PathBuilder::from_circle(x, y, size * 0.85) {
                    let stroke = Stroke { width: size * 0.5, ..Stroke::default() };
                    self.pixmap.stroke_path(&path, &paint(ink), &stroke, Transform::identity(), None);
                }
                return;
            }
            Sign::Square => &[(-0.85, -0.85), (0.85, -0.85), (0.85, 0.85), (-0.85, 0.85)],
            Sign::Bar => &[(-0.4, -1.2), (0.4, -1.2), (0.4, 1.2), (-0.4, 1.2)],
            Sign::Diamond => &[(0.0, -1.35), (1.35, 0.0), (0.0, 1.35), (-1.35, 0.0)],
            Sign::Triangle => &[(0.0, -1.45), (1.4, 1.0), (-1.4, 1.0)],
        };
        let path = if corners.is_empty() {
            PathBuilder::from_circle(x, y, size)
        } else {
            let corners: Vec<_> = corners.iter().map(|(dx, dy)| (x + dx * size, y + dy * size)).collect();
            let mut path = polyline(&corners);
            path.close();
            path.finish()
        };
        self.fill(path, &paint(ink));
    }

    /// `text` with its baseline at `y`. What the font has no sign for is written as `?`.
    pub(super) fn text(&mut self, text: &str, (x, y): (f32, f32), size: f32, align: Align, ink: Ink) {
        let width = self.width(text, size);
        let mut x = match align {
            Align::Left => x,
            Align::Middle => x - width / 2.0,
            Align::Right => x - width,
        };
        let scale = size / f32::from(self.face.units_per_em());
        let mut outline = Outline { path: PathBuilder::new(), x, y, scale };
        for c in text.chars() {
            if let Some(glyph) = self.face.glyph_index(c).or_else(|| self.face.glyph_index('?')) {
                outline.x = x;
                self.face.outline_glyph(glyph, &mut outline);
                x += f32::from(self.face.glyph_hor_advance(glyph).unwrap_or(0)) * scale;
            }
        }
        self.fill(outline.path.finish(), &paint(ink));
    }

    /// How wide `text` is.
    pub(super) fn width(&self, text: &str, size: f32) -> f32 {
        let scale = size / f32::from(self.face.units_per_em());
        let advance = |c| {
            let glyph = self.face.glyph_index(c).or_else(|| self.face.glyph_index('?'))?;
            self.face.glyph_hor_advance(glyph)
        };
        text.chars().filter_map(advance).map(|advance| f32::from(advance) * scale).sum()
    }

    fn fill(&mut self, path: Option<Path>, paint: &Paint<'_>) {
        if let Some(path) = path {
            self.pixmap.fill_path(&path, paint, FillRule::Winding, Transform::identity(), None);
        }
    }
}

fn paint(ink: Ink) -> Paint<'static> {
    Paint { shader: Shader::SolidColor(ink.colour()), anti_alias: true, ..Paint::default() }
}

fn polyline(points: &[(f32, f32)]) -> PathBuilder {
    let mut path = PathBuilder::new();
    for (index, (x, y)) in points.iter().enumerate() {
        if index == 0 {
            path.move_to(*x, *y);
        } else {
            path.line_to(*x, *y);
        }
    }
    path
}

/// A sign of the font as a path: the font counts upwards, a picture downwards.
struct Outline {
    path: PathBuilder,
    x: f32,
    y: f32,
    scale: f32,
}

impl Outline {
    fn at(&self, x: f32, y: f32) -> (f32, f32) {
        (self.x + x * self.scale, self.y - y * self.scale)
    }
}

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let ((x1, y1), (x, y)) = (self.at(x1, y1), self.at(x, y));
        self.path.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let ((x1, y1), (x2, y2), (x, y)) = (self.at(x1, y1), self.at(x2, y2), self.at(x, y));
        self.path.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}

//! Tables: with borders on a terminal and fitted to it, plain aligned columns elsewhere.

use comfy_table::presets::{NOTHING, UTF8_FULL_CONDENSED};
use comfy_table::{Attribute, Cell, CellAlignment, Color, ContentArrangement};

use super::Screen;
use super::page::{Piece, Tone};

/// A column and its heading.
#[derive(Clone, Debug)]
pub struct Column {
    heading: String,
    alignment: CellAlignment,
}

/// A column of words.
#[must_use]
pub fn left(heading: impl Into<String>) -> Column {
    Column { heading: heading.into(), alignment: CellAlignment::Left }
}

/// A column of numbers.
#[must_use]
pub fn right(heading: impl Into<String>) -> Column {
    Column { heading: heading.into(), alignment: CellAlignment::Right }
}

/// Rows under headings.
#[derive(Clone, Debug)]
pub struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<Piece>>,
}

impl Table {
    /// A table without rows.
    #[must_use]
    pub fn new(columns: impl IntoIterator<Item = Column>) -> Self {
        Self { columns: columns.into_iter().collect(), rows: Vec::new() }
    }

    /// Adds a row, a piece for each column.
    pub fn row<P: Into<Piece>>(&mut self, pieces: impl IntoIterator<Item = P>) {
        self.rows.push(pieces.into_iter().map(Into::into).collect());
    }

    /// Whether it has no rows.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The table as lines, each ended; empty without rows.
    pub(super) fn draw(&self, screen: Screen) -> String {
        if self.rows.is_empty() {
            return String::new();
        }
        let mut table = comfy_table::Table::new();
        if screen.terminal {
            table.load_style(UTF8_FULL_CONDENSED.with_rounded_corners());
        } else {
            table.load_style(NOTHING);
        }
        if screen.color {
            table.enforce_styling();
        } else {
            table.force_no_tty();
        }
        match screen.width {
            Some(width) => {
                table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
            }
            None => {
                table.set_content_arrangement(ContentArrangement::Disabled);
            }
        }
        table.set_header(self.columns.iter().map(|column| {
            Cell::new(column.heading.as_str())
                .set_alignment(column.alignment)
                .add_attribute(Attribute::Bold)
        }));
        for row in &self.rows {
            table.add_row(self.columns.iter().zip(row).map(|(column, piece)| {
                piece.tone.paint(Cell::new(&piece.text)).set_alignment(column.alignment)
            }));
        }
        if !screen.terminal {
            for column in table.column_iter_mut() {
                column.set_padding((0, 2));
            }
        }
        table.trim_fmt() + "\n"
    }
}

/// The colours of [`super::author`], as this library calls them.
const AUTHORS: [Color; 4] =
    [Color::DarkCyan, Color::DarkMagenta, Color::DarkBlue, Color::DarkYellow];

impl Tone {
    fn paint(self, cell: Cell) -> Cell {
        match self {
            Self::Plain => cell,
            Self::Strong => cell.add_attribute(Attribute::Bold),
            Self::Faint => cell.add_attribute(Attribute::Dim),
            Self::Good => cell.fg(Color::DarkGreen),
            Self::Warn => cell.fg(Color::DarkYellow),
            Self::Bad => cell.fg(Color::DarkRed),
            Self::Author(number) => {
                cell.fg(AUTHORS.get(number % AUTHORS.len()).copied().unwrap_or(Color::Reset))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{bad, plain};
    use super::*;

    fn table() -> Table {
        let mut table = Table::new([left("member"), right("hours"), left("what")]);
        table.row([plain("Zoë"), plain("1.5"), plain("Painted the hall, both doors")]);
        table.row([plain("Ann"), plain("12"), bad("-")]);
        table
    }

    #[test]
    fn a_pipe_gets_plain_aligned_columns() {
        assert_eq!(
            table().draw(Screen::PIPE),
            "member  hours  what\n\
             Zoë       1.5  Painted the hall, both doors\n\
             Ann        12  -\n"
        );
        assert_eq!(Table::new([left("member")]).draw(Screen::PIPE), "");
    }

    #[test]
    fn a_terminal_gets_borders_and_no_line_is_wider_than_it() {
        let screen = Screen { terminal: true, color: false, width: Some(36) };
        let drawn = table().draw(screen);
        assert!(drawn.starts_with('╭'), "{drawn}");
        for line in drawn.lines() {
            assert!(line.chars().count() <= 36, "{line}");
        }
        // Each word is still there, on whatever line.
        for word in "Painted the hall, both doors".split(' ') {
            assert!(drawn.contains(word), "{drawn}");
        }
        assert!(!drawn.contains('\u{1b}'));
        let colourful = table().draw(Screen { color: true, ..screen });
        assert!(colourful.contains('\u{1b}'));
    }
}

//! A page for people, put together before any of it is printed.

use std::fmt::Display;

use anstyle::{AnsiColor, Style};

use super::qr;
use super::table::Table;
use super::{Screen, visible, visible_line};

/// A stretch of text on one line, in one tone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub(super) text: String,
    pub(super) tone: Tone,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    Plain,
    Strong,
    Faint,
    Good,
    Warn,
    Bad,
    Author(usize),
}

/// The colours that tell authors apart; green and red say something else.
const AUTHORS: [AnsiColor; 4] =
    [AnsiColor::Cyan, AnsiColor::Magenta, AnsiColor::Blue, AnsiColor::Yellow];

impl Tone {
    fn style(self) -> Style {
        match self {
            Self::Author(number) => {
                let color = AUTHORS.get(number % AUTHORS.len());
                color.map_or_else(Style::new, |color| color.on_default())
            }
            Self::Plain => Style::new(),
            Self::Strong => Style::new().bold(),
            Self::Faint => Style::new().dimmed(),
            Self::Good => AnsiColor::Green.on_default(),
            Self::Warn => AnsiColor::Yellow.on_default(),
            Self::Bad => AnsiColor::Red.on_default(),
        }
    }
}

macro_rules! tones {
    ($($(#[$meta:meta])* $name:ident: $tone:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[must_use]
        pub fn $name(text: impl Display) -> Piece {
            Piece { text: visible_line(&text.to_string()), tone: Tone::$tone }
        }
    )+};
}

tones! {
    /// Text as it is.
    plain: Plain,
    /// What to look at first.
    strong: Strong,
    /// What most people can skip: ids, explanations.
    faint: Faint,
    /// Done, confirmed, adopted.
    good: Good,
    /// Needs a look.
    warn: Warn,
    /// Wrong, disputed, set aside.
    bad: Bad,
}

/// Words of the author of that number, each in a colour of their own as far as there are any.
#[must_use]
pub fn author(number: usize, text: impl Display) -> Piece {
    Piece { text: visible_line(&text.to_string()), tone: Tone::Author(number) }
}

impl From<&str> for Piece {
    fn from(text: &str) -> Self {
        plain(text)
    }
}

impl From<String> for Piece {
    fn from(text: String) -> Self {
        plain(text)
    }
}

impl Piece {
    fn write(&self, screen: Screen, to: &mut String) {
        use std::fmt::Write;
        let style = if screen.color { self.tone.style() } else { Style::new() };
        // Writing to a string cannot fail.
        let _ = write!(to, "{style}{}{style:#}", self.text);
    }
}

/// What a command shows a person.
#[derive(Debug)]
pub struct Page {
    screen: Screen,
    written: String,
}

impl Page {
    /// An empty page for that screen.
    #[must_use]
    pub const fn new(screen: Screen) -> Self {
        Self { screen, written: String::new() }
    }

    /// Everything on it, with the codes for colours that the screen wants.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.written
    }

    /// Whether it has colours.
    #[must_use]
    pub const fn has_color(&self) -> bool {
        self.screen.color
    }

    /// One line: `page.line([strong("3 members"), " and ".into(), faint("1 left")])`.
    pub fn line<P: Into<Piece>>(&mut self, pieces: impl IntoIterator<Item = P>) {
        for piece in pieces {
            piece.into().write(self.screen, &mut self.written);
        }
        self.written.push('\n');
    }

    /// A heading, with an empty line before it unless it starts the page.
    pub fn heading(&mut self, text: &str) {
        if !self.written.is_empty() {
            self.blank();
        }
        self.line([strong(text)]);
    }

    /// An empty line.
    pub fn blank(&mut self) {
        self.written.push('\n');
    }

    /// A text of several lines that people wrote.
    pub fn text(&mut self, text: &str) {
        self.written.push_str(visible(text).trim_end_matches('\n'));
        self.written.push('\n');
    }

    /// Names and their values, the values below each other.
    pub fn fields<P: Into<Piece>>(&mut self, fields: impl IntoIterator<Item = (&'static str, P)>) {
        let fields: Vec<(&str, Piece)> =
            fields.into_iter().map(|(name, value)| (name, value.into())).collect();
        let width = fields.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        for (name, value) in fields {
            self.line([faint(format_args!("{name:<width$}  ")), value]);
        }
    }

    /// A table; one without rows leaves nothing, so say in words that there is nothing.
    pub fn table(&mut self, table: &Table) {
        self.written.push_str(&table.draw(self.screen));
    }

    /// A QR code to scan from the screen, and the text in it. A code that does not fit is left out,
    /// and the page says so.
    pub fn qr(&mut self, text: &str) {
        match qr::draw(text, self.screen) {
            Some(code) => self.written.push_str(&code),
            None => self.line([warn("The QR code does not fit here; use this text instead:")]),
        }
        self.line([plain(text)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_colours_only_where_they_are_wanted() {
        let fill = |screen| {
            let mut page = Page::new(screen);
            page.heading("Members");
            page.line([good("Ann"), " and ".into(), faint("Ben\u{1b}[2J")]);
            page.heading("Group");
            page.fields([("name", strong("Hall")), ("founded", "today".into())]);
            page.text("one\ntwo\n\n");
            page.written
        };
        assert_eq!(
            fill(Screen::PIPE),
            "Members\nAnn and Ben\u{FFFD}[2J\n\nGroup\nname     Hall\nfounded  today\none\ntwo\n"
        );
        let colourful = fill(Screen { terminal: true, color: true, width: Some(80) });
        assert!(colourful.starts_with("\u{1b}[1mMembers\u{1b}[0m\n\u{1b}[32mAnn\u{1b}[0m and "));
        assert!(!colourful.contains("\u{1b}[2J"));
    }

    #[test]
    fn a_code_is_followed_by_its_text_and_one_too_wide_is_replaced_by_it() {
        let show = |width| {
            let mut page = Page::new(Screen { terminal: true, color: false, width: Some(width) });
            page.qr("copact:here/ABC");
            page.written
        };
        assert!(show(80).contains('█'));
        assert!(show(80).ends_with("\ncopact:here/ABC\n"));
        assert!(!show(20).contains('█'));
        assert!(show(20).ends_with("use this text instead:\ncopact:here/ABC\n"));
    }
}

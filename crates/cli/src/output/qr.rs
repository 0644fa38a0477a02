//! QR codes: half blocks on a screen, PNG in a file.

use std::path::Path;

use qrcode::{Color, EcLevel, QrCode};

use super::Screen;
use super::file::write_file;
use crate::failure::Failure;

/// Modules of empty space that a scanner needs around a code.
const QUIET: usize = 4;
/// Pixels of a module in a file: a ticket prints at about 4 cm.
const SCALE: usize = 8;

/// A square of modules with its quiet zone; true is dark.
struct Grid {
    side: usize,
    dark: Vec<bool>,
}

impl Grid {
    /// `None` if the text does not fit into any QR code.
    fn of(text: &str, level: EcLevel) -> Option<Self> {
        let code = QrCode::with_error_correction_level(text, level).ok()?;
        let side = code.width() + 2 * QUIET;
        let mut dark = vec![false; side * side];
        let rows = dark.chunks_exact_mut(side).skip(QUIET);
        for (row, colors) in rows.zip(code.to_colors().chunks_exact(code.width())) {
            for (module, color) in row.iter_mut().skip(QUIET).zip(colors) {
                *module = *color == Color::Dark;
            }
        }
        Some(Self { side, dark })
    }

    fn rows(&self) -> impl Iterator<Item = &[bool]> {
        self.dark.chunks_exact(self.side)
    }
}

/// The code as lines of half blocks, or `None` if it does not fit.
///
/// Light modules are drawn and dark ones left out, which is right on a dark terminal. Where there
/// are colours both are set, so that it is right on a light one too; some scanners need that.
pub(super) fn draw(text: &str, screen: Screen) -> Option<String> {
    let grid = Grid::of(text, EcLevel::L)?;
    if screen.width.is_some_and(|width| grid.side > usize::from(width)) {
        return None;
    }
    let (on, off) = if screen.color { ("\u{1b}[97;40m", "\u{1b}[0m") } else { ("", "") };
    let rows: Vec<&[bool]> = grid.rows().collect();
    let mut drawn = String::new();
    for pair in rows.chunks(2) {
        drawn.push_str(on);
        for column in 0..grid.side {
            let light = |row: Option<&&[bool]>| row.and_then(|row| row.get(column)) == Some(&false);
            drawn.push(match (light(pair.first()), light(pair.get(1))) {
                (true, true) => '█',
                (true, false) => '▀',
                (false, true) => '▄',
                (false, false) => ' ',
            });
        }
        drawn.push_str(off);
        drawn.push('\n');
    }
    Some(drawn)
}

/// Writes the code as a black and white PNG file, to be printed or sent.
///
/// # Errors
/// The text does not fit into a QR code, or the file cannot be written.
pub fn write_png(path: &Path, text: &str) -> Result<(), Failure> {
    let picture = png(text).ok_or_else(|| {
        Failure::failed("qr", format_args!("{} bytes do not fit into a QR code", text.len()))
            .hint("hand the text over as a file instead, with `-o FILE`")
    })?;
    write_file(path, &picture)
}

fn png(text: &str) -> Option<Vec<u8>> {
    let grid = Grid::of(text, EcLevel::M)?;
    let side = u32::try_from(grid.side * SCALE).ok()?;
    let mut picture = Vec::new();
    let mut encoder = png::Encoder::new(&mut picture, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    let mut writer = encoder.write_header().ok()?;
    // SCALE is 8, so at one bit a pixel each module is one byte.
    let shade = |dark: &bool| if *dark { 0x00 } else { 0xFF };
    let lines = grid.rows().flat_map(|row| std::iter::repeat_n(row, SCALE));
    let bytes: Vec<u8> = lines.flatten().map(shade).collect();
    writer.write_image_data(&bytes).ok()?;
    writer.finish().ok()?;
    Some(picture)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    const LINK: &str = "copact:here/AEBAGBAFAYDQQCIKBMGA2DQPCAIREEYUCULBOGAZDINRYHI6D4";

    #[test]
    fn half_blocks_show_every_module_with_its_quiet_zone() {
        let screen = Screen { terminal: true, color: false, width: Some(80) };
        let grid = Grid::of(LINK, EcLevel::L).unwrap();
        let drawn = draw(LINK, screen).unwrap();
        let mut read = vec![Vec::new(); grid.side + 1];
        for (line, text) in drawn.lines().enumerate() {
            for c in text.chars() {
                read[2 * line].push(!matches!(c, '█' | '▀'));
                read[2 * line + 1].push(!matches!(c, '█' | '▄'));
            }
        }
        for (row, expected) in read.iter().zip(grid.rows()) {
            assert_eq!(row, expected);
        }
        let code = QrCode::with_error_correction_level(LINK, EcLevel::L).unwrap();
        assert_eq!(grid.side, code.width() + 8);
        assert_eq!(grid.dark[4 * grid.side + 4], code[(0, 0)] == Color::Dark);
        assert!(grid.dark[..4 * grid.side].iter().all(|dark| !dark));
        assert!(draw(LINK, Screen { width: Some(30), ..screen }).is_none());
        assert!(draw(LINK, Screen { color: true, ..screen }).unwrap().contains("\u{1b}[97;40m"));
    }

    #[test]
    fn the_file_is_a_png_of_the_same_modules() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("code.png");
        write_png(&path, LINK).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(&bytes)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        let grid = Grid::of(LINK, EcLevel::M).unwrap();
        assert_eq!(info.width, u32::try_from(grid.side * 8).unwrap());
        for (y, row) in grid.rows().enumerate() {
            let line = &pixels[(8 * y + 3) * grid.side..][..grid.side];
            let read: Vec<bool> = line.iter().map(|byte| *byte == 0).collect();
            assert_eq!(read, row);
        }
    }

    #[test]
    fn a_text_too_long_for_any_code_gets_a_sentence() {
        let failure = write_png(Path::new("never.png"), &"x".repeat(5_000)).unwrap_err();
        assert!(failure.message.contains("5000 bytes"), "{failure}");
        assert!(!Path::new("never.png").exists());
    }
}

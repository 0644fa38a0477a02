//! The table for people.

use comfy_table::{Table, presets};

use crate::row::Row;

/// A number with three significant digits or so.
fn short(number: f64) -> String {
    match number.abs() {
        size if size >= 100.0 => format!("{number:.0}"),
        size if size >= 10.0 => format!("{number:.1}"),
        _ => format!("{number:.2}"),
    }
}

/// How the figure grew since the smallest N of the same line: cost by size.
fn growth(row: &Row, all: &[Row]) -> String {
    let same = all.iter().filter(|one| one.id == row.id && one.what == row.what);
    match same.min_by_key(|one| one.n) {
        Some(first) if first.n < row.n => {
            format!("×{}", short(row.figure / first.figure))
        }
        _ => String::new(),
    }
}

/// All rows; every line says its goal and whether it is met.
pub(crate) fn table(rows: &[Row]) -> String {
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    let head = ["id", "what", "N", "figure", "floor", "ratio", "goal", "met", "growth", "peers"];
    table.set_header(head);
    for row in rows {
        let unit = |number: f64| format!("{} {}", short(number), row.unit);
        let goal = match (row.goal, row.plain) {
            (Some(goal), false) => format!("≤ {goal} × floor"),
            (Some(goal), true) => format!("≤ {}", unit(goal)),
            (None, _) => String::new(),
        };
        let met = row.met.map_or("", |met| if met { "yes" } else { "NO" });
        let peers = row.peers.iter().map(|peer| format!("{} {}", peer.name, short(peer.figure)));
        table.add_row([
            row.id.to_owned(),
            row.what.to_owned(),
            row.n.to_string(),
            unit(row.figure),
            row.floor.map(unit).unwrap_or_default(),
            row.ratio.map(short).unwrap_or_default(),
            goal,
            met.to_owned(),
            growth(row, rows),
            peers.collect::<Vec<_>>().join(", "),
        ]);
    }
    table.to_string()
}

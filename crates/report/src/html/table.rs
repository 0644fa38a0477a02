//! Tables that keep their meaning on a phone.
//!
//! On narrow screens a row becomes a card by style alone. Browsers then no longer take it for a
//! table unless its parts say what they are, so all of them do.

use maud::{Markup, html};

/// A table with a caption, a heading a column, and rows of which the first cell is the heading.
pub(super) fn plain<R>(caption: &str, columns: &[&str], rows: R) -> Markup
where
    R: IntoIterator<Item = Vec<String>>,
{
    // Days and numbers may be broken between their words here, as columns are narrow.
    let loose = |cell: &String| cell.replace('\u{a0}', " ");
    html! {
        table.data role="table" {
            caption { (caption) }
            thead role="rowgroup" { tr role="row" {
                @for column in columns { th role="columnheader" scope="col" { (column) } }
            } }
            tbody role="rowgroup" {
                @for row in rows {
                    tr role="row" {
                        @for (at, cell) in row.iter().enumerate() {
                            @if at == 0 { th role="rowheader" scope="row" { (loose(cell)) } }
                            @else { td role="cell" { (loose(cell)) } }
                        }
                    }
                }
            }
        }
    }
}

/// The headings of a table whose rows become cards.
pub(super) fn heads(columns: &[&str]) -> Markup {
    html! {
        thead role="rowgroup" { tr role="row" {
            @for column in columns { th role="columnheader" scope="col" { (column) } }
        } }
    }
}

/// A cell of such a table: on a card its column's heading stands in it.
pub(super) fn cell(column: &str, content: &Markup) -> Markup {
    html! {
        td role="cell" { span.label aria-hidden="true" { (column) } div.content { (content) } }
    }
}

/// A row that names those below it.
pub(super) fn group(title: &str, columns: usize) -> Markup {
    html! {
        tr.group role="row" { th role="rowheader" scope="rowgroup" colspan=(columns) { (title) } }
    }
}

//! Rows of many groups as Parquet, for engines that add up more than one machine holds:
//! `sql/community.sql` makes of them what
//! [`Community`](copact_evidence::community::Community) does.
//!
//! One row a [`GroupQuarter`]. Columns have the names of its fields; `starts` is the quarter's
//! first day; counts are INT64, ratios DOUBLE, days DATE, words STRING. Not compressed.

use std::io::Write;
use std::sync::Arc;

use copact_evidence::community::{GroupQuarter, Ratios};
use copact_evidence::trends::Claim;
use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type,
};
use parquet::errors::ParquetError as Reason;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::parser::parse_message_type;

/// The schema of the file.
pub const MESSAGE: &str = "message group_quarter {
    required binary group (STRING);
    required binary quarter (STRING);
    required int32 starts (DATE);
    required boolean team;
    optional int32 founded (DATE);
    required boolean is_founded;
    required binary level (STRING);
    required int64 memberships;
    required int64 joined;
    required int64 left;
    required int64 j2_num;
    required int64 j2_den;
    required int64 minutes;
    required int64 attendances;
    required int64 goals_due;
    required int64 goals_met;
    required boolean active;
    optional double c6;
    optional double p1;
    optional double p2;
    optional double h2;
    optional double h3;
    optional double r3;
    optional double r6;
    optional double d1;
    optional double j2;
    required binary minutes_claim (STRING);
}";

/// Rows that are held in memory a second time while they are written.
const ROW_GROUP: usize = 65_536;

/// Why rows were not written.
#[derive(Debug, thiserror::Error)]
pub enum ParquetError {
    /// A count above 2⁶³ − 1.
    #[error("A count of this group is too large to be true; check its copies: {0}")]
    TooLarge(String),
    /// A quarter outside of the years that days have.
    #[error("A quarter lies outside of the years from 1900 to 2999; ask for other quarters.")]
    Quarter,
    /// Writing failed.
    #[error("The Parquet file could not be written; check the disk: {0}")]
    Failed(#[from] Reason),
}

/// What a column has of a row; `None` is a missing value.
enum Column {
    Text(fn(&GroupQuarter) -> String),
    Count(fn(&GroupQuarter) -> u64),
    Flag(fn(&GroupQuarter) -> bool),
    Ratio(fn(&Ratios) -> Option<f64>),
    Starts,
    Founded,
}

/// In the order of [`MESSAGE`].
const COLUMNS: &[Column] = &[
    Column::Text(|row| row.group.clone()),
    Column::Text(|row| row.quarter.to_string()),
    Column::Starts,
    Column::Flag(|row| row.team),
    Column::Founded,
    Column::Flag(|row| row.is_founded),
    Column::Text(|row| row.level.clone()),
    Column::Count(|row| row.memberships),
    Column::Count(|row| row.joined),
    Column::Count(|row| row.left),
    Column::Count(|row| row.j2_num),
    Column::Count(|row| row.j2_den),
    Column::Count(|row| row.minutes),
    Column::Count(|row| row.attendances),
    Column::Count(|row| row.goals_due),
    Column::Count(|row| row.goals_met),
    Column::Flag(|row| row.active),
    Column::Ratio(|one| one.c6),
    Column::Ratio(|one| one.p1),
    Column::Ratio(|one| one.p2),
    Column::Ratio(|one| one.h2),
    Column::Ratio(|one| one.h3),
    Column::Ratio(|one| one.r3),
    Column::Ratio(|one| one.r6),
    Column::Ratio(|one| one.d1),
    Column::Ratio(|one| one.j2),
    Column::Text(|row| claim(row.minutes_claim).to_owned()),
];

const fn claim(claim: Claim) -> &'static str {
    match claim {
        Claim::Rise => "rise",
        Claim::Fall => "fall",
        Claim::NotShown => "not_shown",
    }
}

/// Writes rows, of one group or of many. The same rows always make the same bytes.
///
/// # Errors
/// A count that does not fit, and whatever stops `to` from taking bytes.
pub fn write<W: Write + Send>(rows: &[GroupQuarter], to: W) -> Result<W, ParquetError> {
    let schema = Arc::new(parse_message_type(MESSAGE)?);
    let by = concat!("copact ", env!("CARGO_PKG_VERSION")).to_owned();
    let properties = Arc::new(WriterProperties::builder().set_created_by(by).build());
    let mut file = SerializedFileWriter::new(to, schema, properties)?;
    for rows in rows.chunks(ROW_GROUP) {
        let mut group = file.next_row_group()?;
        for column in COLUMNS {
            let Some(mut to) = group.next_column()? else { break };
            put(column, rows, &mut to)?;
            to.close()?;
        }
        group.close()?;
    }
    Ok(file.into_inner()?)
}

fn put(
    column: &Column,
    rows: &[GroupQuarter],
    to: &mut SerializedColumnWriter<'_>,
) -> Result<(), ParquetError> {
    match column {
        Column::Text(of) => {
            let bytes = rows.iter().map(|row| ByteArray::from(of(row).into_bytes()));
            all::<ByteArrayType>(to, &bytes.collect::<Vec<_>>())
        }
        Column::Count(of) => {
            let fits = |row: &GroupQuarter| {
                i64::try_from(of(row)).map_err(|_| ParquetError::TooLarge(row.group.clone()))
            };
            all::<Int64Type>(to, &rows.iter().map(fits).collect::<Result<Vec<_>, _>>()?)
        }
        Column::Flag(of) => all::<BoolType>(to, &rows.iter().map(of).collect::<Vec<_>>()),
        Column::Ratio(of) => some::<DoubleType>(to, rows.iter().map(|row| of(&row.ratios))),
        Column::Starts => {
            let first = |row: &GroupQuarter| row.quarter.first_day().map(|day| day.number());
            let days: Result<Vec<i32>, _> = rows.iter().map(first).collect();
            all::<Int32Type>(to, &days.map_err(|_| ParquetError::Quarter)?)
        }
        Column::Founded => {
            let founded = rows.iter().map(|row| row.founded.map(|day| day.number()));
            some::<Int32Type>(to, founded)
        }
    }
}

/// A column without missing values.
fn all<T: DataType>(
    to: &mut SerializedColumnWriter<'_>,
    values: &[T::T],
) -> Result<(), ParquetError> {
    typed::<T>(to, values, None)
}

/// A column with missing values.
fn some<T: DataType>(
    to: &mut SerializedColumnWriter<'_>,
    values: impl Iterator<Item = Option<T::T>>,
) -> Result<(), ParquetError> {
    let values: Vec<Option<T::T>> = values.collect();
    let levels: Vec<i16> = values.iter().map(|one| i16::from(one.is_some())).collect();
    typed::<T>(to, &values.into_iter().flatten().collect::<Vec<_>>(), Some(&levels))
}

fn typed<T: DataType>(
    to: &mut SerializedColumnWriter<'_>,
    values: &[T::T],
    levels: Option<&[i16]>,
) -> Result<(), ParquetError> {
    to.typed::<T>().write_batch(values, levels, None)?;
    Ok(())
}

//! Rows as Parquet, read back by a reader that knows nothing of what was written.

use bytes::Bytes;
use copact_core::day::Day;
use copact_core::quarter::Quarter;
use copact_evidence::community::{GroupQuarter, Ratios};
use copact_evidence::trends::Claim;
use copact_report::parquet::{ParquetError, write};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use serde_json::{Value, json};

fn rows() -> Vec<GroupQuarter> {
    let quarter = |text| Quarter::parse(text).unwrap();
    let one = GroupQuarter {
        group: "grüße".to_owned(),
        quarter: quarter("2026-Q2"),
        team: true,
        founded: Some(Day::parse("1969-12-31").unwrap()),
        is_founded: true,
        level: "co-producing".to_owned(),
        memberships: 12,
        joined: 3,
        left: 4,
        j2_num: 1,
        j2_den: 2,
        minutes: 1 << 40,
        attendances: 7,
        goals_due: 5,
        goals_met: 6,
        active: false,
        ratios: Ratios { c6: Some(1.0 / 3.0), j2: Some(0.5), ..Ratios::default() },
        minutes_claim: Claim::NotShown,
    };
    let other = GroupQuarter {
        quarter: quarter("2026-Q3"),
        founded: None,
        ratios: Ratios { h3: Some(-0.25), d1: Some(1.0), ..Ratios::default() },
        active: true,
        minutes_claim: Claim::Fall,
        ..one.clone()
    };
    vec![one, other]
}

fn back(bytes: Vec<u8>) -> Vec<Value> {
    let reader = SerializedFileReader::new(Bytes::from(bytes)).unwrap();
    let rows = reader.get_row_iter(None).unwrap();
    let cell = |field: &Field| match field {
        Field::Null => Value::Null,
        Field::Bool(flag) => json!(flag),
        Field::Long(number) => json!(number),
        Field::Double(number) => json!(number),
        Field::Date(days) => json!(days),
        Field::Str(text) => json!(text),
        other => json!(format!("unexpected {other:?}")),
    };
    let row = |row: parquet::record::Row| {
        row.get_column_iter().map(|(name, field)| (name.clone(), cell(field))).collect()
    };
    rows.map(|one| row(one.unwrap())).collect()
}

/// Breaks when: a column has another field's values, or days and missing values are written
/// wrongly.
#[test]
fn rows_come_back_as_they_were() {
    let rows = rows();
    let back = back(write(&rows, Vec::new()).unwrap());
    assert_eq!(back.len(), rows.len());
    for (row, back) in rows.iter().zip(&back) {
        let mut expected = serde_json::to_value(row).unwrap();
        expected["starts"] = json!(row.quarter.first_day().unwrap().number());
        expected["founded"] = json!(row.founded.map(Day::number));
        assert_eq!(*back, expected);
    }
    assert_eq!((&back[0]["founded"], &back[0]["starts"]), (&json!(-1), &json!(20_544)));
}

/// Breaks when: a count is cut to fit, or writing depends on anything but the rows.
#[test]
fn what_does_not_fit_is_not_written() {
    let mut rows = rows();
    assert_eq!(write(&rows, Vec::new()).unwrap(), write(&rows, Vec::new()).unwrap());
    rows[1].minutes = u64::MAX;
    assert!(matches!(write(&rows, Vec::new()), Err(ParquetError::TooLarge(_))));
    assert!(back(write(&[], Vec::new()).unwrap()).is_empty());
}

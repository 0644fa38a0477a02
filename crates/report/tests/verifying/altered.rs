//! Bundles that were changed: some bytes, a figure, a row, and the checksum made again each time.

use copact_core::change::Withheld;
use copact_core::envelope::{Header, Verified};
use copact_core::ids::EnvelopeId;
use copact_core::keys::Purpose;
use copact_core::ledger::Ledger;
use copact_report::bundle::{Bundle, Countersign, Form, Part, UnreadBundle};
use copact_report::verify::{Verdict, verify};
use serde_json::Value;

use super::village::{anchor, village};
use super::{bundle, verdict, world};

fn code(verdict: &Verdict) -> &'static str {
    verdict.first_failure.as_ref().map_or("passes", |first| first.code)
}

/// Breaks when: a byte of the file is not covered.
#[test]
fn every_byte_that_is_flipped_is_found() {
    let bytes = bundle(&village().people[0].ledger, Form::Sealed).to_bytes();
    for at in 0..bytes.len() {
        let mut altered = bytes.clone();
        altered[at] ^= 1 << (at % 8);
        let verdict = verify(&altered, &mut |_, _| {}).unwrap();
        assert_eq!(code(&verdict), "altered", "byte {at}");
    }
}

/// Breaks when: a byte of a header, a signature or a body is not what its author signed, and that
/// passes because the checksum was made again.
#[test]
fn every_byte_of_a_row_that_is_flipped_is_found_without_the_checksum() {
    let whole = bundle(&village().people[0].ledger, Form::Sealed);
    let mut seen = std::collections::BTreeSet::new();
    for number in 0..whole.rows.len() {
        let row = &whole.rows[number];
        let body = match &row.part {
            Part::Body { body, .. } => body.len() + 16,
            Part::Withheld(_) => 0,
        };
        for at in 0..row.header.len() + 64 + body {
            let mut altered = whole.clone();
            flip(&mut altered.rows[number], at);
            let verdict = verdict(&altered);
            assert!(!verdict.passed(), "row {number}, byte {at}");
            seen.insert(code(&verdict));
        }
    }
    assert!(seen.contains("signature") && seen.contains("body"), "{seen:?}");
}

fn flip(row: &mut copact_report::bundle::Row, at: usize) {
    let bit = 1 << (at % 8);
    let after = at.checked_sub(row.header.len());
    match (after, &mut row.part) {
        (None, _) => row.header[at] ^= bit,
        (Some(at @ ..64), _) => {
            let mut bytes = *row.signature.as_bytes();
            bytes[at] ^= bit;
            row.signature = copact_core::keys::SignatureBytes::from_bytes(bytes);
        }
        (Some(at @ 64..80), Part::Body { salt, .. }) => {
            let mut bytes = *salt.as_bytes();
            bytes[at - 64] ^= bit;
            *salt = copact_core::ids::Salt::from_bytes(bytes);
        }
        (Some(at), Part::Body { body, .. }) => body[at - 80] ^= bit,
        (Some(_), Part::Withheld(_)) => unreachable!(),
    }
}

/// Every value of a document, by the way to it.
fn leaves(value: &Value, path: &str, to: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(key, one)| leaves(one, &format!("{path}/{key}"), to));
        }
        Value::Array(all) => {
            all.iter().enumerate().for_each(|(at, one)| leaves(one, &format!("{path}/{at}"), to));
        }
        _ => to.push(path.to_owned()),
    }
}

/// Breaks when: a figure that does not follow passes.
#[test]
fn every_figure_that_is_changed_is_found() {
    let whole = bundle(&village().people[0].ledger, Form::Sealed);
    let figures: Value = serde_json::from_str(&whole.figures).unwrap();
    let mut paths = Vec::new();
    leaves(&figures, "", &mut paths);
    assert!(paths.len() > 200, "{} values", paths.len());
    for path in paths {
        let mut changed = figures.clone();
        let value = changed.pointer_mut(&path).unwrap();
        *value = match &*value {
            Value::Number(one) if one.is_f64() => (one.as_f64().unwrap() + 1e-6).into(),
            Value::Number(one) => (one.as_i64().unwrap() + 1).into(),
            Value::String(one) => format!("{one}.").into(),
            Value::Bool(one) => (!one).into(),
            _ => 7.into(),
        };
        let verdict = verdict(&Bundle { figures: changed.to_string(), ..whole.clone() });
        let first = verdict.first_failure.unwrap_or_else(|| panic!("{path} passes"));
        assert_eq!(first.code, "figure");
        let told = path.trim_start_matches('/').replace('/', ".");
        let flat = first.r#where.replace('[', ".").replace(']', "");
        assert_eq!(flat, told);
    }
    let mut more = figures.clone();
    more["indicators"]["P9"] = 1.into();
    assert_eq!(code(&verdict(&Bundle { figures: more.to_string(), ..whole.clone() })), "figure");
    assert_eq!(code(&verdict(&Bundle { figures: "{".to_owned(), ..whole })), "figures");
}

fn without(ledger: &Ledger, id: EnvelopeId) -> Vec<Verified> {
    let all = ledger.envelopes().map(|(_, at)| at.envelope().clone());
    all.filter(|one| one.id() != id).collect()
}

/// Breaks when: a row that others build on, or that a close or an anchor covers, is left out and
/// that passes; or a last one is, and the report is still told to be signed.
#[test]
fn a_row_that_is_left_out_is_missed_or_told_as_unproven() {
    let village = village();
    let ledger = &village.people[0].ledger;
    let whole = signed(ledger, &village.people[1].device.secret);
    assert_eq!((verdict(&whole).passed(), verdict(&whole).signed_by), (true, 1));
    let under = |id: EnvelopeId| {
        let heads = village.closed.iter().chain(&village.anchored);
        let place = ledger.place_of(id).unwrap();
        heads.filter_map(|head| ledger.place_of(*head)).any(|h| ledger.at_or_before(place, h))
    };
    let (mut missed, mut told, mut covered) = (0, 0, 0);
    for (number, row) in whole.rows.iter().enumerate().skip(1) {
        let header: Header = copact_core::codec::decode(&row.header, "a header", 4_096).unwrap();
        let id = ledger.in_order()[number];
        let id = ledger.at(id).unwrap().id();
        let child = ledger.envelopes().any(|(_, at)| {
            let header = at.envelope().header();
            header.prev == Some(id) || header.parents.contains(&id)
        });
        covered += usize::from(under(id));
        assert!(child || !under(id), "what is covered has something after it");
        if child {
            let mut rows = whole.rows.clone();
            rows.remove(number);
            let verdict = verdict(&Bundle { rows, ..whole.clone() });
            assert_eq!(code(&verdict), "missing_row", "{header:?}");
            missed += 1;
        } else {
            let rest = Ledger::of(without(ledger, id)).unwrap();
            let remade = bundle(&rest, Form::Sealed);
            let verdict = verdict(&remade);
            assert!(verdict.passed(), "{:?}", verdict.first_failure);
            assert_eq!(verdict.signed_by, 0);
            let codes: Vec<&str> = verdict.unproven.iter().map(|one| one.code).collect();
            assert!(codes.contains(&"completeness") && codes.contains(&"signatures"), "{codes:?}");
            let signatures = whole.signatures.clone();
            let kept = super::verdict(&Bundle { signatures, ..remade });
            assert_eq!(code(&kept), "report_signature");
            told += 1;
        }
    }
    assert!(missed > 10 && told == 2 && covered > 8, "{missed} {told} {covered}");
}

fn signed(ledger: &Ledger, secret: &copact_core::keys::DeviceSecret) -> Bundle {
    let mut bundle = bundle(ledger, Form::Sealed);
    let claim = bundle.claim(ledger.frontier().digest());
    let signature = secret.sign(Purpose::Report, claim.hash().as_bytes());
    bundle.signatures.push(Countersign::Signed { device: secret.public(), signature });
    bundle
}

/// Breaks when: what stands for a withheld body is changed and the members' signatures still hold.
#[test]
fn what_is_told_in_place_of_bodies_is_signed() {
    let village = village();
    let ledger = &village.people[0].ledger;
    let whole = signed(ledger, &village.people[1].device.secret);
    let withheld = |row: &copact_report::bundle::Row| matches!(row.part, Part::Withheld(_));
    let number = whole.rows.iter().position(withheld).unwrap();
    let mut altered = whole.clone();
    altered.rows[number].part = Part::Withheld(Withheld::Entry { void: true });
    assert_eq!(code(&verdict(&altered)), "report_signature");
    let unsigned = Bundle { signatures: Vec::new(), ..altered };
    assert_eq!(verdict(&unsigned).signed_by, 0);
    let audit = Bundle { form: Form::Audit, ..whole.clone() };
    assert_eq!(code(&verdict(&audit)), "withheld");
    let stranger = copact_tests::device::Device::new(88).secret;
    assert_eq!(code(&verdict(&signed(ledger, &stranger))), "report_signature");
    let others = world(2, 40);
    let other = signed(&others.eye, &others.mallory.secret);
    let taken = Bundle { signatures: other.signatures, ..whole };
    assert_eq!(code(&verdict(&taken)), "report_signature");
}

/// Breaks when: a table of authorship that does not fit its group passes.
#[test]
fn a_table_that_contradicts_itself_is_found() {
    let seed = (0..60).find(|seed| {
        let tables = bundle(&world(*seed, 200).eye, Form::Sealed).tables;
        tables.iter().any(|table| !table.written.is_empty())
    });
    let whole = bundle(&world(seed.unwrap(), 200).eye, Form::Sealed);
    let at = whole.tables.iter().position(|table| !table.written.is_empty()).unwrap();
    let altered = |change: &dyn Fn(&mut Bundle)| {
        let mut altered = whole.clone();
        change(&mut altered);
        code(&verdict(&altered))
    };
    assert_eq!(altered(&|_| ()), "passes");
    assert_eq!(altered(&|bundle| drop(bundle.tables.remove(at))), "table");
    assert_eq!(altered(&|bundle| bundle.tables.push(bundle.tables[at].clone())), "table");
    assert_eq!(altered(&|bundle| bundle.tables[at].written[0].written += 1), "table");
    assert_eq!(altered(&|bundle| bundle.tables[at].sections[0].kind.push('x')), "table");
    assert_eq!(altered(&|bundle| bundle.tables[at].imported = u64::MAX), "table");
    assert_eq!(altered(&|bundle| bundle.tables[at].sections[0].counted += 1), "figure");
}

/// Breaks when: an anchor is believed whose envelopes are not all before it.
#[test]
fn an_anchor_that_names_what_is_not_here_is_found() {
    let mut village = village();
    let person = &mut village.people[0];
    let group = person.ledger.group();
    let missing = EnvelopeId::from_bytes([5; 32]);
    person.entry(anchor(group, vec![missing]));
    let verdict = verdict(&bundle(&person.ledger, Form::Sealed));
    assert_eq!(code(&verdict), "anchor");
    assert!(verdict.first_failure.unwrap().expected.contains(&missing.to_string()));
}

/// Breaks when: something else is taken for a report, or a newer format is misread.
#[test]
fn other_files_and_newer_formats_get_their_sentence() {
    let bytes = bundle(&village().people[0].ledger, Form::Sealed).to_bytes();
    let read = |bytes: &[u8]| verify(bytes, &mut |_, _| {});
    assert_eq!(read(b"").unwrap_err(), UnreadBundle::NotABundle);
    assert_eq!(read(b"copact bundle").unwrap_err(), UnreadBundle::NotABundle);
    let covered = bytes.len() - 32 - "report end".len();
    let mut newer = bytes[..covered].to_vec();
    newer["copact report".len()] = 2;
    newer.extend(blake3::hash(&newer).as_bytes());
    newer.extend(b"report end");
    let error = read(&newer).unwrap_err();
    assert_eq!(error, UnreadBundle::Newer(2));
    assert!(error.to_string().contains("newer version"), "{error}");
    for end in [1, 20, bytes.len() - 1] {
        assert_eq!(code(&read(&bytes[..end.max(13)]).unwrap()), "altered");
    }
    let window = bundle(&village().people[0].ledger, Form::Sealed);
    let empty = Bundle { from: window.to.plus(1), ..window };
    assert_eq!(code(&verdict(&empty)), "window");
}

//! Sealed and unaltered, and still not to be read: by a member with a modified app.

use super::*;
use crate::fixtures::{box_key, group, noise, parcel};

/// Writes a bundle for member 1 around frames that [`seal`] would not make.
fn forged(packed: &[Vec<u8>]) -> Vec<u8> {
    let mut drawn = Drawn::new(&[8; 32], "forged", &[]);
    let (header, key) = Header::seal(group(1), &[box_key(1)], &mut drawn).unwrap();
    let (mut out, digest) = FORM.write(&copact_core::codec::encode(&header));
    frames::seal(&mut out, packed, &key, &digest).unwrap();
    out
}

fn deflated(parcel: &Parcel) -> Vec<u8> {
    miniz_oxide::deflate::compress_to_vec(&copact_core::codec::encode(parcel), 6)
}

#[test]
fn an_inflate_bomb_stops_at_its_cap() {
    let zeros = |bytes| miniz_oxide::deflate::compress_to_vec(&vec![0; bytes], 9);
    let bomb = zeros(64 * limits::FRAME_BYTES);
    assert!(bomb.len() < limits::FRAME_BYTES / 8);
    assert_eq!(open_as(&forged(&[bomb]), Some(group(1)), 1), Err(BundleError::Inflates));
    let over = zeros(limits::FRAME_BYTES + 1);
    assert_eq!(open_as(&forged(&[over]), Some(group(1)), 1), Err(BundleError::Inflates));
    // Exactly the cap is let through, and then is no record.
    let brim = zeros(limits::FRAME_BYTES);
    let refused = open_as(&forged(&[brim]), Some(group(1)), 1);
    assert_eq!(refused, Err(BundleError::Malformed { what: "a part" }));
}

#[test]
fn all_frames_together_have_a_cap_too() {
    let two = Parcel { envelopes: vec![noise(1, 1_000), noise(2, 1_000)], ..Parcel::default() };
    let large = |what| Err(BundleError::TooLarge { what, limit: limits::PARCEL_BYTES });
    assert!(frames::pack(&two, 2_500).is_ok());
    assert_eq!(frames::pack(&two, 2_000), large("contents"));
    let mut drawn = Drawn::new(&[8; 32], "test", &[]);
    let (_, key) = Header::seal(group(1), &[box_key(1)], &mut drawn).unwrap();
    let half = |n| deflated(&Parcel { envelopes: vec![noise(n, 1_000)], ..Parcel::default() });
    let mut out = Vec::new();
    frames::seal(&mut out, &[half(1), half(2)], &key, &[0; 32]).unwrap();
    let file = [FORM.write(b"").0, out].concat();
    let (_, _, mut reader) = FORM.read(&file, 0).unwrap();
    let split = frames::split(&mut reader, &[0; 32]).unwrap();
    assert_eq!(frames::open(&split, &key, &[0; 32], 2_500).unwrap(), two);
    assert_eq!(frames::open(&split, &key, &[0; 32], 2_000).map(|_| vec![]), large("contents"));
}

#[test]
fn too_many_recipients_frames_or_bytes_are_refused_before_work() {
    let keys: Vec<BoxKey> = (0..=limits::RECIPIENTS)
        .map(|n| BoxKey::from_bytes(copact_core::ids::tagged_hash("k", &[&n.to_be_bytes()])))
        .collect();
    let sealing = Sealing { group: group(1), recipients: &keys, random: &[9; 32] };
    let refused = |what, limit| Err(BundleError::TooLarge { what, limit });
    assert_eq!(seal(&parcel(1), &sealing), refused("recipients", limits::RECIPIENTS));

    let good = sealed_to(&parcel(1), &[box_key(1)]);
    let (header, digest, _) = taken_apart(&good);
    let empty = vec![&b""[..]; limits::FRAMES + 1];
    let many = put_together(&header, &digest, &empty);
    let refusal = open_as(&many, Some(group(1)), 1).map(|_| vec![]);
    assert_eq!(refusal, refused("frames", limits::FRAMES));

    let mut long = header;
    write_length(&mut long, &frames::place(&digest, 0), true, limits::SEALED_FRAME_BYTES + 1);
    long.truncate(long.len().min(10_000));
    let refusal = open_as(&long, Some(group(1)), 1).map(|_| vec![]);
    assert_eq!(refusal, refused("a part", limits::SEALED_FRAME_BYTES));
}

#[test]
fn parts_beyond_the_limits_of_the_core_are_not_passed_on() {
    let mut long_header = parcel(1);
    long_header.envelopes[0].header = vec![0; 2_049];
    let mut long_body = parcel(1);
    long_body.envelopes[0].body = vec![0; 256 * 1_024 + 1];
    let mut picture = parcel(1);
    picture.profiles[0].statement.picture = Some(vec![0; 64 * 1_024 + 1]);
    for bad in [long_header, long_body, picture] {
        let malformed = |error| matches!(error, BundleError::Malformed { .. });
        let sealing = Sealing { group: group(1), recipients: &[box_key(1)], random: &[9; 32] };
        assert!(malformed(seal(&bad, &sealing).unwrap_err()));
        let bytes = forged(&[deflated(&bad)]);
        assert!(malformed(open_as(&bytes, Some(group(1)), 1).unwrap_err()));
    }
}

#[test]
fn only_the_canonical_form_of_a_frame_is_read() {
    let mut record = copact_core::codec::encode(&Parcel::default());
    assert_eq!(record, [0x83, 0x80, 0x80, 0x80]);
    let pack = |record: &[u8]| forged(&[miniz_oxide::deflate::compress_to_vec(record, 6)]);
    assert!(open_as(&pack(&record), Some(group(1)), 1).is_ok());
    record.splice(1..2, [0x98, 0x00]);
    let malformed = Err(BundleError::Malformed { what: "a part" });
    assert_eq!(open_as(&pack(&record), Some(group(1)), 1), malformed);
    assert_eq!(open_as(&forged(&[vec![0xFF; 9]]), Some(group(1)), 1), malformed);
}

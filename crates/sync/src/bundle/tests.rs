#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod limits_and_form;

use copact_core::envelope::Wire;
use copact_core::ids::Salt;
use copact_core::keys::SignatureBytes;
use proptest::prelude::*;

use super::*;
use crate::fixtures::{box_key, box_secret, group, noise, parcel, profile, text};
use crate::outer::write_length;

const VERSION_AT: usize = 15;

fn sealed_to(parcel: &Parcel, recipients: &[BoxKey]) -> Vec<u8> {
    seal(parcel, &Sealing { group: group(1), recipients, random: &[9; 32] }).unwrap()
}

fn open_as(bytes: &[u8], group: Option<GroupId>, seed: u8) -> Result<Opened, BundleError> {
    open(bytes, &[Recipient { group, secret: &box_secret(seed) }])
}

/// The header of a bundle, its digest, and its frames as they stand in the file.
fn taken_apart(bytes: &[u8]) -> (Vec<u8>, [u8; 32], Vec<&[u8]>) {
    let (record, digest, mut reader) = FORM.read(bytes, limits::BUNDLE_HEADER_BYTES).unwrap();
    let frames = frames::split(&mut reader, &digest).unwrap();
    (FORM.write(record).0, digest, frames)
}

/// A file with these frames, each with a correct length: only the seals can tell.
fn put_together(header: &[u8], digest: &[u8; 32], frames: &[&[u8]]) -> Vec<u8> {
    let mut out = header.to_vec();
    for (index, frame) in frames.iter().enumerate() {
        let place = frames::place(digest, index);
        write_length(&mut out, &place, index + 1 == frames.len(), frame.len());
        out.extend_from_slice(frame);
    }
    out
}

fn any_wire() -> impl Strategy<Value = Wire> {
    let bytes = |n| proptest::collection::vec(any::<u8>(), 0..n);
    (bytes(200), any::<[u8; 64]>(), any::<[u8; 16]>(), bytes(3_000)).prop_map(
        |(header, signature, salt, body)| Wire {
            header,
            signature: SignatureBytes::from_bytes(signature),
            salt: Salt::from_bytes(salt),
            body,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Fails when a part is lost, reordered or changed between sealing and opening.
    #[test]
    fn what_is_sealed_is_what_is_opened(
        envelopes in proptest::collection::vec(any_wire(), 0..20),
        texts in proptest::collection::vec("[a-z]{1,40}", 0..5),
        people in 0..4_u8,
        random: [u8; 32],
    ) {
        let parcel = Parcel {
            envelopes,
            texts: texts.iter().map(|words| text(words)).collect(),
            profiles: (0..people).map(profile).collect(),
        };
        let sealing = Sealing { group: group(1), recipients: &[box_key(1)], random: &random };
        let bytes = seal(&parcel, &sealing).unwrap();
        let opened = open_as(&bytes, Some(group(1)), 1).unwrap();
        prop_assert_eq!(opened, Opened { recipient: 0, group: group(1), parcel });
    }

    /// Fails when some bytes make the reader panic or are taken for a bundle.
    #[test]
    fn foreign_bytes_are_refused(mut bytes: Vec<u8>, begin in 0..60_usize) {
        let good = sealed_to(&parcel(1), &[box_key(1)]);
        prop_assert!(open_as(&bytes, Some(group(1)), 1).is_err());
        bytes.splice(..0, good[..begin].iter().copied());
        prop_assert!(open_as(&bytes, Some(group(1)), 1).is_err());
    }
}

#[test]
fn every_flipped_bit_is_told_as_what_it_is() {
    let good = sealed_to(&parcel(1), &[box_key(1), box_key(2)]);
    for at in 0..good.len() {
        for bit in 0..8 {
            let mut bytes = good.clone();
            bytes[at] ^= 1 << bit;
            let error = open_as(&bytes, Some(group(1)), 1).unwrap_err();
            let right = match at {
                ..VERSION_AT => BundleError::NotABundle,
                VERSION_AT if bytes[at] > FORM.version => {
                    BundleError::NewerVersion { found: bytes[at] }
                }
                _ => BundleError::Altered,
            };
            assert_eq!(error, right, "byte {at}, bit {bit}");
        }
    }
}

#[test]
fn a_cut_file_is_told_as_cut_wherever_and_to_whomever() {
    let good = sealed_to(&parcel(1), &[box_key(1)]);
    for len in 0..good.len() {
        let cut = &good[..len];
        for (group, seed) in [(Some(group(1)), 1), (Some(group(2)), 2), (None, 1)] {
            assert_eq!(open_as(cut, group, seed), Err(BundleError::Truncated), "{len} bytes");
        }
    }
    let more = [good.as_slice(), b"\0"].concat();
    assert_eq!(open_as(&more, Some(group(1)), 1), Err(BundleError::Altered));
}

#[test]
fn frames_cannot_be_dropped_swapped_repeated_or_taken_from_elsewhere() {
    let large = Parcel { envelopes: (0..9).map(|n| noise(n, 250_000)).collect(), ..parcel(1) };
    let bytes = sealed_to(&large, &[box_key(1)]);
    assert_eq!(open_as(&bytes, Some(group(1)), 1).unwrap().parcel, large);
    let (header, digest, frames) = taken_apart(&bytes);
    let [a, b, c] = frames[..] else { panic!("{} frames", frames.len()) };
    assert_eq!(put_together(&header, &digest, &[a, b, c]), bytes);
    let other = Parcel { envelopes: (9..18).map(|n| noise(n, 250_000)).collect(), ..parcel(1) };
    let other = sealed_to(&other, &[box_key(1)]);
    let [stranger, ..] = taken_apart(&other).2[..] else { panic!() };
    for wrong in [
        vec![a, b],
        vec![a],
        vec![b, c],
        vec![b, a, c],
        vec![a, a, b, c],
        vec![a, b, c, c],
        vec![stranger, b, c],
    ] {
        let bytes = put_together(&header, &digest, &wrong);
        assert_eq!(open_as(&bytes, Some(group(1)), 1), Err(BundleError::Altered));
    }
}

/// The checksum of the header is not keyed, so a forger writes it right.
#[test]
fn a_rewritten_header_breaks_every_frame() {
    let bytes = sealed_to(&parcel(1), &[box_key(1), box_key(2)]);
    let (record, ..) = FORM.read(&bytes, limits::BUNDLE_HEADER_BYTES).unwrap();
    let (_, _, frames) = taken_apart(&bytes);
    // The last bytes of the record are one device's sealed key; it matters to nobody else.
    let mut other = record.to_vec();
    *other.last_mut().unwrap() ^= 1;
    let (header, digest) = FORM.write(&other);
    let rewritten = put_together(&header, &digest, &frames);
    for seed in [1, 2] {
        assert_eq!(open_as(&rewritten, Some(group(1)), seed), Err(BundleError::Altered));
    }
}

#[test]
fn a_newer_version_is_recognised_whatever_follows() {
    let mut bytes = sealed_to(&parcel(1), &[box_key(1)]);
    bytes.truncate(VERSION_AT + 1);
    bytes[VERSION_AT] = 2;
    for more in [&b""[..], b"anything", &[0xFF; 500]] {
        let bytes = [&bytes, more].concat();
        let refused = open_as(&bytes, Some(group(1)), 1);
        assert_eq!(refused, Err(BundleError::NewerVersion { found: 2 }));
    }
}

#[test]
fn each_wrong_reader_hears_why() {
    let bytes = sealed_to(&parcel(1), &[box_key(1)]);
    assert_eq!(open_as(&bytes, Some(group(2)), 1), Err(BundleError::OtherGroup));
    assert_eq!(open_as(&bytes, Some(group(2)), 2), Err(BundleError::OtherGroup));
    assert_eq!(open_as(&bytes, Some(group(1)), 2), Err(BundleError::NotSealedToMe));
    assert_eq!(open_as(&bytes, None, 2), Err(BundleError::OtherGroup));
    assert_eq!(open(&bytes, &[]), Err(BundleError::OtherGroup));
    assert_eq!(open_as(b"PK\x03\x04", Some(group(1)), 1), Err(BundleError::NotABundle));
}

#[test]
fn a_device_of_several_groups_opens_with_the_right_one() {
    let bytes = sealed_to(&parcel(1), &[box_key(1), box_key(7)]);
    let (one, five, seven) = (box_secret(1), box_secret(5), box_secret(7));
    let who = [
        Recipient { group: Some(group(2)), secret: &one },
        Recipient { group: None, secret: &five },
        Recipient { group: Some(group(1)), secret: &seven },
    ];
    let opened = open(&bytes, &who).unwrap();
    assert_eq!((opened.recipient, opened.group), (2, group(1)));
}

#[test]
fn a_waiting_device_learns_its_group_from_the_founding_envelope() {
    let bytes = sealed_to(&parcel(1), &[box_key(1)]);
    assert_eq!(open_as(&bytes, None, 1).unwrap().group, group(1));
    // Without the founding envelope, or with that of another group, there is nothing to go by.
    for other in [Parcel { envelopes: vec![], ..parcel(1) }, parcel(2)] {
        let bytes = sealed_to(&other, &[box_key(1)]);
        assert_eq!(open_as(&bytes, None, 1), Err(BundleError::NoFounding));
        assert!(open_as(&bytes, Some(group(1)), 1).is_ok());
    }
}

#[test]
fn sealed_to_200_devices_it_opens_for_each() {
    let keys: Vec<BoxKey> = (0..200).map(box_key).collect();
    let bytes = sealed_to(&parcel(1), &keys);
    for seed in 0..200 {
        assert_eq!(open_as(&bytes, Some(group(1)), seed).unwrap().parcel, parcel(1));
    }
    assert_eq!(open_as(&bytes, Some(group(1)), 200), Err(BundleError::NotSealedToMe));
}

#[test]
fn a_weak_box_key_keeps_the_bundle_from_nobody() {
    let weak = BoxKey::from_bytes([0; 32]);
    let bytes = sealed_to(&parcel(1), &[weak, box_key(1)]);
    assert!(open_as(&bytes, Some(group(1)), 1).is_ok());
    for nobody in [&[][..], &[weak]] {
        let sealing = Sealing { group: group(1), recipients: nobody, random: &[9; 32] };
        assert_eq!(seal(&parcel(1), &sealing), Err(BundleError::NoRecipients));
    }
}

#[test]
fn an_outsider_finds_neither_group_nor_devices_nor_words() {
    let holds = |bytes: &[u8], part: &[u8]| bytes.windows(part.len()).any(|have| have == part);
    let bytes = sealed_to(&parcel(1), &[box_key(1)]);
    for secret in [group(1).as_bytes().as_slice(), &box_key(1).as_bytes()[..8], b"Kitchen", b"Ana"]
    {
        assert!(!holds(&bytes, secret));
    }
    // Another bundle for the same devices has nothing in common with it beyond the form.
    let sealing = Sealing { group: group(1), recipients: &[box_key(1)], random: &[10; 32] };
    let other = seal(&parcel(1), &sealing).unwrap();
    assert!(!other[30..].windows(8).any(|part| holds(&bytes[30..], part)));
}

#[test]
fn repeated_randomness_does_not_repeat_a_key() {
    let (one, two) = (sealed_to(&parcel(1), &[box_key(1)]), sealed_to(&parcel(2), &[box_key(1)]));
    assert_eq!(one, sealed_to(&parcel(1), &[box_key(1)]));
    // The record begins after magic, version, length and three bytes of CBOR with the salt.
    assert_ne!(one[25..60], two[25..60]);
}

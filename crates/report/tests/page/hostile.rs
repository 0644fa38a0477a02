//! Whatever texts say, they stay texts; and the page asks for nothing and runs nothing.

use data_encoding::BASE64;
use sha2::{Digest, Sha256};

use crate::groups;
use crate::samples::{HOSTILE, all, page};
use crate::tags::{tags, text};

/// Breaks when: any page loads something, runs something, or has style outside its sheet.
#[test]
fn no_page_loads_or_runs_anything() {
    for (name, report, called) in all() {
        let page = page(&report, called);
        for tag in tags(&page) {
            let mut words = tag.split([' ', '\n', '\t']);
            let element = words.next().unwrap().trim_start_matches('/').to_lowercase();
            let loads = ["script", "img", "link", "iframe", "object", "embed", "image", "use", "a"];
            assert!(!loads.contains(&element.as_str()), "{name}: <{tag}>");
            let quoted_away: String = tag.split('"').step_by(2).collect();
            let attributes = quoted_away.split_whitespace().skip(1);
            for attribute in attributes.map(str::to_lowercase) {
                let refused = attribute.starts_with("on")
                    || ["style=", "src=", "href=", "xlink:href=", "action="]
                        .contains(&attribute.as_str());
                assert!(!refused, "{name}: <{tag}>");
            }
        }
        let sheet = page.split_once("<style>").unwrap().1.split_once("</style>").unwrap().0;
        for loading in ["url(", "@import", "http:", "https:", "expression("] {
            assert!(!sheet.contains(loading), "{loading}");
        }
        if name != "hostile" {
            assert!(!page.contains("http:") && !page.contains("https:"), "{name}");
        }
    }
}

/// Breaks when: the policy does not fit the style sheet, so that a browser would refuse it.
#[test]
fn the_policy_forbids_everything_but_the_style_sheet() {
    let page = page(&groups::empty(), None);
    let sheet = page.split_once("<style>").unwrap().1.split_once("</style>").unwrap().0;
    let hash = BASE64.encode(&Sha256::digest(sheet.as_bytes()));
    let policy = format!(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src \
         'sha256-{hash}'; base-uri 'none'; form-action 'none'\">"
    );
    let at = page.find(&policy).expect("the policy");
    // What comes before a policy in a page is not under it.
    assert!(at < page.find("<title>").unwrap() && at < page.find("<style>").unwrap());
    assert_eq!(page.matches("<style").count(), 1);
}

/// Breaks when: a text that a person gave is taken for markup.
#[test]
fn hostile_texts_stay_texts() {
    let (_, report, called) = all().into_iter().find(|(name, ..)| *name == "hostile").unwrap();
    let page = page(&report, called);
    let told = text(&page);
    let expected = HOSTILE.split_whitespace().collect::<Vec<_>>().join(" ");
    // The name, the rules in several places, their hash, the group, the state, and the warnings.
    assert!(told.matches(&expected).count() >= 6 + report.warnings.len(), "{told}");
    assert_eq!(page.matches("<title>").count(), 1);
    assert!(page.contains("<bdi>&lt;/title&gt;&lt;script&gt;"));
}

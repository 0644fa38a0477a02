//! Evidence: the report of a group, and sharing it with outsiders once the group decided that.

use std::path::Path;

use copact_core::act::Act;
use copact_core::envelope::Verified;
use copact_core::ids::ProposalId;
use copact_core::keys::Purpose;
use copact_core::ledger::{Closed, Ledger, Place, Placed};
use copact_core::limits;
use copact_core::proposal::{AnswerWord, Matter};
use copact_core::text::Name;
use copact_core::views::Views;
use copact_evidence::facts::Facts;
use copact_evidence::report::Report;
use copact_evidence::rules::RuleSet;
use copact_evidence::window::Window;
use copact_report::bundle::{Bundle, Countersign, Form, Making, made_of};
use copact_report::credential::{Asked, of_member};
use copact_report::verify::{Verdict, verify};
use serde::Serialize;

use crate::decisions::Ask;
use crate::error::{NodeError, Result};
use crate::file;
use crate::group::Group;

const SECONDS_A_DAY: i64 = 86_400;

/// A report that is to go to outsiders, and how far the group's decision about that is.
#[derive(Clone, Debug, Serialize)]
pub struct Sharing {
    /// `sealed` or `audit`.
    pub form: &'static str,
    /// The proposal to share it.
    pub proposal: ProposalId,
    /// How many voices say yes.
    pub have: usize,
    /// How many it takes.
    pub need: usize,
    /// Whether the group decided it, so that the file was written.
    pub adopted: bool,
    /// The file, once it is written.
    pub file: Option<String>,
    /// How many members' signatures are in it.
    pub signatures: usize,
}

/// A report was signed.
#[derive(Clone, Debug, Serialize)]
pub struct Signed {
    /// The hash that was signed.
    pub report: String,
    /// How many members have signed it.
    pub signed_by: usize,
    /// Of how many.
    pub of: u64,
}

impl Group {
    /// The report over a window, by some rules.
    #[must_use]
    pub fn report(&self, window: Window, rules: &RuleSet) -> Report {
        let views = self.views();
        Report::of(&views, &Facts::of(&views), window, rules)
    }

    /// Writes a report for outsiders into a file if the group decided to share it; else asks the
    /// group, or joins those who ask.
    ///
    /// What is shared is the ledger as whoever asked knew it, so that the figures are those that
    /// people said yes to.
    ///
    /// # Errors
    /// This device's member does not stand, or the file cannot be written.
    pub fn share_report(
        &mut self,
        to: &Path,
        form: Form,
        window: Window,
        rules: &RuleSet,
    ) -> Result<Sharing> {
        self.must_stand()?;
        if let Some(asked) = self.asked_to_share(form, window, rules, true)? {
            return self.write_shared(to, &asked);
        }
        let asked = match self.asked_to_share(form, window, rules, false)? {
            Some(asked) => {
                self.say_yes(&asked)?;
                asked.proposal
            }
            None => self.ask_to_share(form, window, rules)?,
        };
        match self.asked_to_share(form, window, rules, true)? {
            Some(asked) => self.write_shared(to, &asked),
            None => self.awaited(form, asked),
        }
    }

    /// Proposes to share a report of all that is here now.
    fn ask_to_share(&mut self, form: Form, window: Window, rules: &RuleSet) -> Result<ProposalId> {
        // What is proposed must have everything in its past, and names few envelopes itself.
        let heads: Vec<_> = self.ledger().heads().filter_map(|at| self.ledger().at(at)).collect();
        let heads: Vec<_> = heads.into_iter().map(Placed::id).collect();
        if heads.len() >= limits::PARENTS {
            self.write_act(Act::Link, &heads)?;
        }
        let bundle = self.bundled(self.ledger(), form, window, rules)?;
        let report = bundle.claim(self.ledger().frontier().digest()).hash();
        Ok(self.decide(Matter::Share(report), &Ask::default())?.proposal)
    }

    fn bundled(
        &self,
        ledger: &Ledger,
        form: Form,
        window: Window,
        rules: &RuleSet,
    ) -> Result<Bundle> {
        let making = Making {
            form,
            window,
            rules,
            texts: self.texts().values().cloned().collect(),
            profiles: self.profiles().to_vec(),
        };
        made_of(ledger, making).map_err(|error| {
            NodeError::failed("unwritable_report", format_args!("the report: {error}"))
        })
    }

    /// The newest proposal to share such a report that was decided, or that is open.
    fn asked_to_share(
        &self,
        form: Form,
        window: Window,
        rules: &RuleSet,
        decided: bool,
    ) -> Result<Option<Shared>> {
        let ledger = self.ledger();
        let now = ledger.now();
        let mut all: Vec<(Place, ProposalId)> = Vec::new();
        for id in ledger.proposals() {
            let Some(decision) = ledger.decision(id, &now) else { continue };
            let is_share = matches!(decision.proposal.matter, Matter::Share(_));
            if is_share && ledger.in_effect(id, Closed::All) == decided {
                all.extend(decision.proposes.iter().map(|place| (*place, id)));
            }
        }
        all.sort_by_key(|(place, _)| std::cmp::Reverse(ledger.canonical(*place)));
        for (place, proposal) in all {
            let Some(Matter::Share(hash)) = ledger.proposal(proposal).map(|one| &one.matter) else {
                continue;
            };
            let known = known_to(ledger, place)?;
            let bundle = self.bundled(&known, form, window, rules)?;
            if bundle.claim(known.frontier().digest()).hash() == *hash {
                return Ok(Some(Shared { proposal, known, bundle }));
            }
        }
        Ok(None)
    }

    fn say_yes(&mut self, asked: &Shared) -> Result<()> {
        let device = self.secrets().device.public();
        let now = self.ledger().now();
        let me = now.of_device(&device).map(|person| now.goes_by(person));
        let decision = self.ledger().decision(asked.proposal, &now);
        let said = decision.is_some_and(|one| me.is_some_and(|me| one.tally.yes.contains(&me)));
        if said {
            return Ok(());
        }
        self.answer(&asked.proposal.to_string(), AnswerWord::Yes, None).map(drop)
    }

    fn awaited(&self, form: Form, proposal: ProposalId) -> Result<Sharing> {
        let tally = self.ledger().decision(proposal, &self.ledger().now()).map(|one| one.tally);
        Ok(Sharing {
            form: form.word(),
            proposal,
            have: tally.as_ref().map_or(0, |tally| tally.have),
            need: tally.map_or(0, |tally| tally.need),
            adopted: false,
            file: None,
            signatures: 0,
        })
    }

    fn write_shared(&self, to: &Path, asked: &Shared) -> Result<Sharing> {
        let mut bundle = asked.bundle.clone();
        let ledger = self.ledger();
        let decision = ledger.decision(asked.proposal, &ledger.now());
        let views = Views::of(&asked.known);
        for one in decision.iter().flat_map(|decision| &decision.answers) {
            let counts = one.latest && one.answer == AnswerWord::Yes && one.recorder.is_none();
            let Some(at) = ledger.at(one.place).filter(|_| counts) else { continue };
            // Who joined since cannot sign for what was before.
            let device = at.envelope().header().chain.device;
            if views.standing.of_device(&device).is_some() {
                bundle.signatures.push(Countersign::Answer(at.envelope().wire()));
            }
        }
        file::write(to, &bundle.to_bytes())?;
        let sharing = self.awaited(bundle.form, asked.proposal)?;
        Ok(Sharing {
            adopted: true,
            file: Some(to.display().to_string()),
            signatures: bundle.signatures.len(),
            ..sharing
        })
    }

    /// A credential of what a member did in a window: attendance and hours, for them to show.
    ///
    /// # Errors
    /// Nobody of that name, or it is not for this device to say.
    pub fn credential(
        &self,
        typed: Option<&str>,
        with_name: bool,
        window: Window,
    ) -> Result<serde_json::Value> {
        let member = typed.map(|typed| self.member(typed)).transpose()?.map(|(_, id)| id);
        let me = self.ledger().now().of_device(&self.secrets().device.public());
        let me = me.and_then(|person| self.ledger().now().id(person));
        let name = member.or(me).filter(|_| with_name).and_then(|id| self.names().remove(&id));
        let name = name.map(|name| Name::new(&name)).transpose()?;
        // A device ahead of Greenwich would date it into a day that has not begun there.
        let clock = self.clock();
        let days = clock.seconds.div_euclid(SECONDS_A_DAY) - i64::from(clock.day.number());
        let day = clock.day.plus(i32::try_from(days).unwrap_or_default());
        let views = self.views();
        let asked = Asked { member, name, window, day };
        of_member(&views, &Facts::of(&views), &asked, &self.secrets().device)
            .map_err(|error| NodeError::told("no_credential", error))
    }

    /// Signs a report bundle of this group with this device's key, and writes it back.
    ///
    /// # Errors
    /// It is none of this group, does not verify, or this device is not in it.
    pub fn sign_report(&self, path: &Path) -> Result<Signed> {
        let bytes = file::read(path, file::BUNDLE_BYTES)?;
        let told = |error| NodeError::told("not_a_report", error).of_file(path);
        let verdict = verify(&bytes, &mut |_, _| {}).map_err(told)?;
        if let Some(first) = &verdict.first_failure {
            return Err(NodeError::input(
                "report_not_in_order",
                format_args!("{}: {}", path.display(), first.found),
            )
            .hint("ask for the file again; `copact verify` says what is wrong with this one"));
        }
        let mut bundle = Bundle::from_bytes(&bytes).map_err(told)?;
        let known = bundle.rows.first().map(|row| self.knows(row)).unwrap_or_default();
        if !known {
            return Err(NodeError::input(
                "other_group",
                format_args!("{} is a report of another group", path.display()),
            )
            .hint("name the group it is about with --group"));
        }
        let frontier = frontier_of(&verdict);
        let claim = bundle.claim(frontier);
        let device = self.secrets().device.public();
        let already = bundle.signatures.iter().any(|one| match one {
            Countersign::Signed { device: by, .. } => *by == device,
            Countersign::Answer(wire) => {
                wire.clone().parse().is_ok_and(|one| one.header().chain.device == device)
            }
        });
        if !already {
            let hash = claim.hash();
            let signature = self.secrets().device.sign(Purpose::Report, hash.as_bytes());
            bundle.signatures.push(Countersign::Signed { device, signature });
        }
        let bytes = bundle.to_bytes();
        let verdict = verify(&bytes, &mut |_, _| {}).map_err(told)?;
        if !verdict.passed() {
            return Err(NodeError::input(
                "not_in_report",
                "this device was not in the group when the report was made",
            )
            .hint("a member whom the report knows can sign it"));
        }
        file::write(path, &bytes)?;
        Ok(Signed {
            report: claim.hash().to_string(),
            signed_by: verdict.signed_by,
            of: verdict.of,
        })
    }

    /// Whether a row is the founding of this group.
    fn knows(&self, row: &copact_report::bundle::Row) -> bool {
        let founding = self.ledger().get(self.ledger().group().founding());
        founding.is_some_and(|at| at.envelope().wire().header == row.header)
    }
}

/// A proposal to share, with what it shares.
struct Shared {
    proposal: ProposalId,
    known: Ledger,
    bundle: Bundle,
}

/// The ledger as the author of an envelope knew it.
fn known_to(ledger: &Ledger, place: Place) -> Result<Ledger> {
    let all = ledger.envelopes().filter(|(one, _)| ledger.in_past(*one, place));
    let all: Vec<Verified> = all.map(|(_, at)| at.envelope().clone()).collect();
    Ok(Ledger::of(all)?)
}

fn frontier_of(verdict: &Verdict) -> [u8; 32] {
    let text = verdict.report.as_ref().map(|report| report.frontier_digest.as_str());
    let bytes = text.and_then(|text| data_encoding::HEXLOWER.decode(text.as_bytes()).ok());
    bytes.and_then(|bytes| bytes.try_into().ok()).unwrap_or_default()
}

//! All targets, each on its corpus and then for a second of random input; see README.md for more.

use bolero::check;

macro_rules! targets {
    ($($target:ident),+ $(,)?) => {
        $(
            #[test]
            fn $target() {
                check!().for_each(|bytes: &[u8]| copact_fuzz::$target::target(bytes));
            }
        )+
    };
}

targets!(
    attendance, bundle, contract, envelope, frontier, gate, greeting, pairing, presence, request,
    ticket,
);

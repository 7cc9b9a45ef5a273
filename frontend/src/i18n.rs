//! Everything that the page itself says, in both languages.
//!
//! One table: a message, its values, its text in pt-BR and in English. The macro makes the enum
//! and one exhaustive `match` a language, so a missing translation does not compile. What the
//! simulator and the compiler say is translated by them (`sim::explain`, `cc::diag`).

use abi::Lang;

macro_rules! messages {
    ($($name:ident $({ $($field:ident: $ty:ty),* })? => $pt:literal, $en:literal;)*) => {
        /// A message of the page.
        #[derive(Clone, PartialEq, Debug)]
        pub(crate) enum Msg { $($name $({ $($field: $ty),* })?,)* }

        impl Msg {
            pub(super) fn pt_br(&self) -> String {
                match self { $(Msg::$name $({ $($field),* })? => format!($pt),)* }
            }
            pub(super) fn en(&self) -> String {
                match self { $(Msg::$name $({ $($field),* })? => format!($en),)* }
            }
        }
    };
}

mod messages;
mod numbers;

pub(crate) use messages::Msg;
pub(crate) use numbers::*;

impl Msg {
    /// The text in a language.
    pub(crate) fn text(&self, lang: Lang) -> String {
        match lang {
            Lang::PtBr => self.pt_br(),
            Lang::En => self.en(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_each_language_does() {
        assert_eq!(duration(Lang::PtBr, 1_530_000), "1,53 ms");
        assert_eq!(duration(Lang::En, 50_000_000), "50.0 ms");
        assert_eq!(duration(Lang::En, 999), "999 ns");
        assert_eq!(moment(Lang::PtBr, 153_000_000), "0,153000 s");
    }

    #[test]
    fn values_go_into_both_texts() {
        let step = Msg::StepOf { n: 4, of: 18 };
        assert_eq!(step.text(Lang::PtBr), "Passo 4 de 18");
        assert_eq!(step.text(Lang::En), "Step 4 of 18");
    }
}

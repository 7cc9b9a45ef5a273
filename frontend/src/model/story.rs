//! The sentence of a step, ready for the page.

/// What is said about a moment.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Story {
    /// What happened, in one sentence.
    pub(crate) sentence: String,
    /// Why, and what would have happened otherwise.
    pub(crate) why: Vec<String>,
    /// What else happened at once.
    pub(crate) also: Vec<String>,
    /// Where it is written: man page or RFC section.
    pub(crate) source: Option<String>,
}

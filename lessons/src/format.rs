//! What a lesson is, once read.
//!
//! The files that these come from are described in `docs/teaching`. Everything that a person
//! reads is there in both languages, or the lesson cannot be read at all.

use abi::Lang;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A text in both languages.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Both {
    /// Brazilian Portuguese.
    #[serde(rename = "pt-BR")]
    pub pt_br: String,
    /// English.
    pub en: String,
}

impl Both {
    /// The text in a language.
    pub fn text(&self, lang: Lang) -> &str {
        match lang {
            Lang::PtBr => &self.pt_br,
            Lang::En => &self.en,
        }
    }
}

/// One lesson.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Lesson {
    /// Name of the folder without its number: what a link carries.
    pub id: String,
    /// Place in the course, from 1.
    pub order: u32,
    /// What it is called.
    pub title: Both,
    /// How long it takes, minutes.
    pub minutes: u32,
    /// The sections of the lecture that it belongs to.
    pub curriculum: Vec<u32>,
    /// The programs as the student gets them, by name.
    pub files: Vec<File>,
    /// The world they run in: `scenario.toml`, in the simulator's format.
    pub scenario: String,
    /// Questions to answer before running.
    pub predict: Vec<Predict>,
    /// Facts of the run as delivered, which the text relies on.
    pub observe: Vec<Condition>,
    /// What has to be true when the task is done.
    pub checks: Vec<Check>,
    /// How the task is done.
    pub solution: Solution,
    /// Other ways to do it: program (named as in a condition) → file.
    pub variants: Vec<BTreeMap<String, String>>,
    /// The text, Brazilian Portuguese.
    pub pt_br: Vec<Block>,
    /// The text, English.
    pub en: Vec<Block>,
}

/// A lesson in the table of contents.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// Name of the folder without its number: what a link carries.
    pub id: String,
    /// Place in the course, from 1.
    pub order: u32,
    /// What it is called.
    pub title: Both,
}

impl Lesson {
    /// Its line in the table of contents.
    pub fn entry(&self) -> Entry {
        Entry { id: self.id.clone(), order: self.order, title: self.title.clone() }
    }

    /// The text in a language.
    pub fn text(&self, lang: Lang) -> &[Block] {
        match lang {
            Lang::PtBr => &self.pt_br,
            Lang::En => &self.en,
        }
    }
}

/// A program's source.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct File {
    /// Name in the folder: `servidor.c`.
    pub name: String,
    /// What the student starts from.
    pub text: String,
    /// What it becomes when the task is done, if it changes.
    pub solution: Option<String>,
}

/// A question with one right answer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Predict {
    /// Name inside the lesson.
    pub id: String,
    /// What is asked.
    pub question: Both,
    /// What can be answered.
    pub options: Vec<Both>,
    /// The right one, from 1.
    pub answer: usize,
    /// Why it is right; to be shown after answering.
    pub why: Both,
}

/// A goal of the task.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Check {
    /// Name inside the lesson.
    pub id: String,
    /// What has to be true.
    pub text: Both,
    /// The same for the machine.
    #[serde(flatten)]
    pub condition: Condition,
}

/// Something that a run's trace shows or does not show: how often something happens.
///
/// Exactly one of `call`, `blocked`, `output`, `line`, `packet`, `state`, `signal`, `killed` and
/// `exit` says what is counted; the other fields narrow it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Condition {
    /// Only processes of this program, its children included. A program is called after its
    /// file; the second `cliente.c` of a scenario is `cliente2`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub program: Option<String>,
    /// Only this host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// A call of this name that has returned; `any` is any call (with `errno`: any that failed so).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call: Option<String>,
    /// The process waits in this call at the end of the run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blocked: Option<String>,
    /// A line of output that contains all of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub output: Vec<String>,
    /// A line of output that is exactly this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
    /// A packet put on the wire: `any`, `SYN` (without ACK), `SYN-ACK`, `FIN`, `RST`, `PSH`,
    /// `ZEROWINDOW`, `RETRANSMISSION` (sent again by TCP), `LOST` (on the way).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub packet: Option<String>,
    /// Only packets of this protocol: `tcp`, `udp`, `icmp`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proto: Option<String>,
    /// Only packets that this host sends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sender: Option<String>,
    /// A TCP connection enters this state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// A handler runs for this signal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signal: Option<String>,
    /// A process is ended by this signal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub killed: Option<String>,
    /// A process exits with this status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exit: Option<i32>,
    /// With `call`: what it returns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ret: Option<i64>,
    /// With `call`: the least that it returns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_ret: Option<i64>,
    /// With `call`: it fails with this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub errno: Option<String>,
    /// At least so often; 1 if nothing is said, 0 if `max` is 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<usize>,
    /// At most so often.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<usize>,
}

/// How the task is done, apart from the files that have a solution.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Solution {
    /// Other arguments: program (named as in a condition) → arguments.
    pub args: BTreeMap<String, Vec<String>>,
}

/// The parts of a lesson's text, in their order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Section {
    /// Questions to answer before running.
    Predict,
    /// What to do and where to look.
    Look,
    /// What happened and why.
    Why,
    /// The task.
    Task,
    /// Things to try that go wrong.
    Break,
    /// The same on real sockets.
    Real,
    /// Man pages, RFCs.
    Reading,
}

impl Section {
    /// All of them; `Real` may be missing from a lesson.
    pub const ALL: [Section; 7] = [
        Section::Predict,
        Section::Look,
        Section::Why,
        Section::Task,
        Section::Break,
        Section::Real,
        Section::Reading,
    ];

    /// The heading.
    pub fn title(self, lang: Lang) -> &'static str {
        match (lang, self) {
            (Lang::PtBr, Section::Predict) => "Antes de rodar",
            (Lang::PtBr, Section::Look) => "Rode e olhe",
            (Lang::PtBr, Section::Why) => "O que aconteceu",
            (Lang::PtBr, Section::Task) => "Sua vez",
            (Lang::PtBr, Section::Break) => "Quebre",
            (Lang::PtBr, Section::Real) => "Em sockets de verdade",
            (Lang::PtBr, Section::Reading) => "Para ler",
            (Lang::En, Section::Predict) => "Before you run",
            (Lang::En, Section::Look) => "Run and look",
            (Lang::En, Section::Why) => "What happened",
            (Lang::En, Section::Task) => "Your turn",
            (Lang::En, Section::Break) => "Break it",
            (Lang::En, Section::Real) => "On real sockets",
            (Lang::En, Section::Reading) => "Further reading",
        }
    }
}

/// A piece of a lesson's text.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Block {
    /// A part begins.
    Section(Section),
    /// A paragraph. The first one, before any section, is the goal.
    Paragraph(Vec<Inline>),
    /// A numbered list.
    Steps(Vec<Vec<Inline>>),
    /// A list.
    Bullets(Vec<Vec<Inline>>),
    /// Here is the lesson's question of this number, from 0.
    Predict(usize),
    /// Here is the list of goals.
    Checks,
}

/// A piece of a line.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Inline {
    /// Plain.
    Text(String),
    /// Code.
    Code(String),
    /// Strong.
    Strong(String),
    /// Emphasised.
    Emphasis(String),
    /// A page elsewhere.
    Link {
        /// What is read.
        text: String,
        /// Where it leads, https.
        url: String,
    },
    /// A numbered line of a program: `/* 3 */`.
    Mark {
        /// The number in the comment.
        number: u32,
        /// The program's file.
        file: String,
        /// The line in the file as delivered, from 1.
        line: u32,
    },
}

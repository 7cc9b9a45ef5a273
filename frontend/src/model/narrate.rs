//! A sentence for each moment: what happened and why, from `sim::explain`; and what else happened
//! at once.

use crate::i18n::Msg;
use crate::model::course::{Course, Moment};
use crate::model::story::Story;
use abi::Lang;
use sim::explain::{Message, Names, explain};
use sim::trace::{Record, What};

/// The story of a moment. `record` finds a record by its number.
pub(crate) fn story<'a>(
    course: &Course,
    names: &Names,
    cursor: usize,
    lang: Lang,
    record: impl Fn(usize) -> Option<&'a Record>,
) -> Story {
    let Some(moment) = course.moments.get(cursor) else { return Story::default() };
    let Some(main) = moment.record.and_then(&record) else {
        return Story { sentence: Msg::AtStart.text(lang), ..Story::default() };
    };
    let Some(explanation) = explain(main, names, lang) else {
        return Story {
            sentence: arrival(course, main, names).text(lang),
            also: also(moment, main, names, lang, &record),
            ..Story::default()
        };
    };
    let text = |message: &Message| message.text(lang);
    let why = explanation.why.iter().chain(&explanation.otherwise).map(text).collect();
    let written: Vec<String> = explanation.written.iter().map(ToString::to_string).collect();
    Story {
        sentence: text(&explanation.what),
        why,
        also: also(moment, main, names, lang, &record),
        source: (!written.is_empty()).then(|| written.join(", ")),
    }
}

/// What else happened in the same event, in order.
fn also<'a>(
    moment: &Moment,
    main: &Record,
    names: &Names,
    lang: Lang,
    record: &impl Fn(usize) -> Option<&'a Record>,
) -> Vec<String> {
    let mut others = moment.also.clone();
    others.sort_unstable();
    let others = others.into_iter().filter_map(record).filter(|other| !implied(main, other));
    others.filter_map(|other| Some(explain(other, names, lang)?.what.text(lang))).collect()
}

/// A packet's arrival, which needs no explanation of its own.
fn arrival(course: &Course, record: &Record, names: &Names) -> Msg {
    let packet = match &record.what {
        What::PacketArrived { packet } => course.packets.iter().find(|p| p.id == packet.0),
        _ => None,
    };
    let packet = packet.map_or_else(String::new, |packet| packet.summary.label.clone());
    Msg::Arrived { packet, host: names.host(record.host) }
}

/// Whether a record says no more than the one that names the moment.
fn implied(main: &Record, other: &Record) -> bool {
    matches!(
        (&main.what, &other.what),
        (What::CallEnd { .. } | What::CallBlocked { .. }, What::CallStart { .. })
            | (What::ProcessExit { .. }, What::CallStart { .. })
    )
}

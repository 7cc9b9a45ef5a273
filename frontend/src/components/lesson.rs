//! The lesson's text with its questions and goals.

use crate::components::{Ctx, code_pane, on, say};
use crate::i18n::Msg;
use crate::lessons;
use crate::model::checks;
use crate::state::{Action, Dialog};
use ::lessons::{Block, Inline, Lesson, Predict};
use std::collections::BTreeMap;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) ctx: Ctx,
}

#[component]
pub(crate) fn LessonView(props: &Props) -> Html {
    let ctx = &props.ctx;
    // What a person answered, by lesson and question.
    let answers = use_state(|| Rc::new(BTreeMap::<(usize, usize), usize>::new()));
    let Some(lesson) = lessons::lesson(ctx.lesson) else { return html! {} };
    let choose = {
        let (answers, number) = (answers.clone(), ctx.lesson);
        Callback::from(move |(question, option): (usize, usize)| {
            let mut next = (**answers).clone();
            next.insert((number, question), option);
            answers.set(Rc::new(next));
        })
    };
    html! {
        <article class="lesson">
            <h2>{ lesson.title.text(ctx.lang()) }</h2>
            <p class="muted">{ say(ctx, Msg::Minutes { n: lesson.minutes }) }</p>
            { tool(ctx, &lesson.id) }
            { for lesson.text(ctx.lang()).iter().map(|block| match block {
                Block::Predict(number) => match lesson.predict.get(*number) {
                    Some(question) => predict(ctx, *number, question, answers.get(&(ctx.lesson, *number)).copied(), &choose),
                    None => html! {},
                },
                Block::Checks => goals(ctx, &lesson),
                other => text(ctx, other),
            }) }
        </article>
    }
}

/// The tool that a lesson is about.
fn tool(ctx: &Ctx, lesson: &str) -> Html {
    let (dialog, name) = match lesson {
        "address" => (Dialog::Addresses, Msg::Workshop),
        "socket-explorer" => (Dialog::Explorer, Msg::Explorer),
        _ => return html! {},
    };
    let open = on(ctx, move |_: MouseEvent| Action::Dialog(Some(dialog)));
    html! { <p><button type="button" class="primary" onclick={open}>{ say(ctx, name) }</button></p> }
}

fn text(ctx: &Ctx, block: &Block) -> Html {
    let line = |line: &Vec<Inline>| html! { <li>{ inline(ctx, line) }</li> };
    match block {
        Block::Section(section) => html! { <h3>{ section.title(ctx.lang()) }</h3> },
        Block::Paragraph(parts) => html! { <p>{ inline(ctx, parts) }</p> },
        Block::Steps(lines) => html! { <ol>{ for lines.iter().map(line) }</ol> },
        Block::Bullets(lines) => html! { <ul>{ for lines.iter().map(line) }</ul> },
        Block::Predict(_) | Block::Checks => html! {},
    }
}

fn inline(ctx: &Ctx, parts: &[Inline]) -> Html {
    parts
        .iter()
        .map(|part| match part {
            Inline::Text(text) => html! { text },
            Inline::Code(text) => html! { <code>{ text }</code> },
            Inline::Strong(text) => html! { <strong>{ text }</strong> },
            Inline::Emphasis(text) => html! { <em>{ text }</em> },
            Inline::Link { text, url } => html! { <a href={url.clone()} target="_blank" rel="noopener noreferrer">{ text }</a> },
            Inline::Mark { number, file, .. } => mark(ctx, *number, file),
        })
        .collect()
}

/// A numbered line of a program: shows it in the editor.
fn mark(ctx: &Ctx, number: u32, file: &str) -> Html {
    let index = ctx.sources.iter().position(|source| source.name == file);
    let comment = format!("/* {number} */");
    let place = index.and_then(|index| {
        let text = &ctx.sources[index].text;
        let at = text.find(&comment)?;
        let line = text[..at].rfind('\n').map_or(0, |n| n + 1);
        Some((index, text[..line].encode_utf16().count() as u32))
    });
    let ctx = ctx.clone();
    let name = format!("{file} {comment}");
    let show = Callback::from(move |_: MouseEvent| {
        if let Some((index, from)) = place {
            code_pane::show(&ctx, index, from);
        }
    });
    html! { <button type="button" class="mark" aria-label={name} disabled={place.is_none()} onclick={show}>{ number }</button> }
}

fn predict(
    ctx: &Ctx,
    number: usize,
    question: &Predict,
    answer: Option<usize>,
    choose: &Callback<(usize, usize)>,
) -> Html {
    let lang = ctx.lang();
    let right = answer == Some(question.answer);
    html! {
        <fieldset class="predict">
            <legend>{ question.question.text(lang) }</legend>
            { for question.options.iter().enumerate().map(|(n, option)| {
                let choose = choose.clone();
                html! {
                    <label><input type="radio" name={format!("predict-{}-{number}", ctx.lesson)} checked={answer == Some(n + 1)}
                        onchange={Callback::from(move |_: Event| choose.emit((number, n + 1)))} />{ option.text(lang) }</label>
                }
            }) }
            <p role="status">
                if answer.is_some() {
                    <strong class={if right { "k-ok" } else { "k-rst" }}>{ say(ctx, if right { Msg::Right } else { Msg::Wrong }) }</strong>
                    if right { { " " }{ question.why.text(lang) } }
                }
            </p>
        </fieldset>
    }
}

fn goals(ctx: &Ctx, lesson: &Lesson) -> Html {
    html! {
        <ul class="goals" aria-label={say(ctx, Msg::Goals)}>
            { for lesson.checks.iter().map(|check| {
                let done = !ctx.stale && ctx.course().is_some_and(|course| checks::fulfilled(&check.condition, course));
                let (class, word) = if done { ("done", Msg::GoalReached) } else { ("open", Msg::GoalOpen) };
                html! {
                    <li {class}><span class={classes!("chip", if done { "k-ok" } else { "k-other" })}>{ say(ctx, word) }</span>{ check.text.text(ctx.lang()) }</li>
                }
            }) }
        </ul>
    }
}

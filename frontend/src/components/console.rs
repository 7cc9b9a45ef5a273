//! The console: one call at a time on real sockets.

use crate::components::{Ctx, real, say, value_of};
use crate::i18n::Msg;
use crate::model::console::{Arg, Name, syscall};
use crate::real::Real as Session;
use std::collections::BTreeMap;
use std::rc::Rc;
use yew::prelude::*;

#[component]
pub(crate) fn Console(props: &real::Props) -> Html {
    let ctx = &props.ctx;
    let session = use_context::<Session>();
    let name = use_state(|| Name::Socket);
    let values = use_state(|| Rc::new(BTreeMap::<Arg, String>::new()));
    let bad = use_state(|| None::<Arg>);
    let Some(session) = session else { return html! {} };
    // The descriptor of the last socket() or accept() is what the next call most likely wants.
    let last_fd =
        session.state.calls.iter().rev().find_map(|call| match (&call.syscall, &call.outcome) {
            (
                abi::Syscall::Socket { .. } | abi::Syscall::Accept { .. },
                crate::real::Outcome::Done(done),
            ) => done.reply.ret.ok(),
            _ => None,
        });
    let value = {
        let values = values.clone();
        move |arg: Arg| match (values.get(&arg), arg, last_fd) {
            (Some(text), ..) => text.clone(),
            (None, Arg::Fd, Some(fd)) => fd.to_string(),
            _ => arg.default().to_owned(),
        }
    };
    let choose = {
        let name = name.clone();
        Callback::from(move |event: Event| {
            let chosen = value_of(&event);
            if let Some(found) = Name::ALL.into_iter().find(|name| name.text() == chosen) {
                name.set(found);
            }
        })
    };
    let make = {
        let (session, bad, value, name) = (session.clone(), bad.clone(), value.clone(), *name);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            match syscall(name, &value) {
                Ok(call) => {
                    bad.set(None);
                    let session = session.clone();
                    wasm_bindgen_futures::spawn_local(async move {
                        session.call(call.clone(), call, |reply| reply).await;
                    });
                }
                Err(arg) => bad.set(Some(arg)),
            }
        })
    };
    let field = |arg: Arg| {
        let values_now = values.clone();
        let change = Callback::from(move |event: InputEvent| {
            let mut next = (**values_now).clone();
            next.insert(arg, value_of(&event));
            values_now.set(Rc::new(next));
        });
        let wide = matches!(arg, Arg::Data | Arg::Address);
        html! {
            <label key={label(ctx, arg)}>{ label(ctx, arg) }
                <input type="text" class={if wide { "" } else { "port" }} value={value(arg)} oninput={change}
                    aria-invalid={(*bad == Some(arg)).to_string()} spellcheck="false" autocomplete="off" />
            </label>
        }
    };
    html! {
        <div class="real">
            <p class="muted">{ say(ctx, Msg::ConsoleIntro) }</p>
            { real::status(ctx, &session) }
            <form class="form" onsubmit={make}>
                <label>{ say(ctx, Msg::ConsoleCall) }
                    <select aria-label={say(ctx, Msg::ConsoleCall)} onchange={choose}>{ for Name::ALL.iter().map(|option| html! {
                        <option value={option.text()} selected={*option == *name}>{ option.text() }</option>
                    }) }</select>
                </label>
                { for name.args().iter().map(|arg| field(*arg)) }
                <button type="submit" class="primary" disabled={!session.ready()}>{ say(ctx, Msg::ConsoleMake) }</button>
            </form>
            if let Some(arg) = *bad { <p class="err" role="alert">{ say(ctx, Msg::BadArgument { name: label(ctx, arg) }) }</p> }
            { real::log(ctx, &session.state.calls) }
        </div>
    }
}

fn label(ctx: &Ctx, arg: Arg) -> String {
    say(
        ctx,
        match arg {
            Arg::Domain => Msg::ArgDomain,
            Arg::Type => Msg::ArgType,
            Arg::Protocol => Msg::ArgProtocol,
            Arg::Fd => Msg::ArgFd,
            Arg::Address => Msg::ArgAddress,
            Arg::Port => Msg::ArgPort,
            Arg::Data => Msg::ArgData,
            Arg::Length => Msg::ArgLength,
            Arg::Backlog => Msg::ArgBacklog,
            Arg::How => Msg::ArgHow,
        },
    )
}

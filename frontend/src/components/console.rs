//! The console: one call at a time, on simulated or real sockets.

use crate::components::{Ctx, real, real_calls, say, value_of};
use crate::i18n::Msg;
use crate::model::console::{Arg, Name, syscall};
use crate::model::real_log::{Call, Done, Outcome};
use crate::model::sim_console::{Came, ECHO, SimConsole};
use crate::real::{Real as Session, RealAction};
use abi::Syscall;
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
    let simulated = use_state(|| true);
    let busy = use_state(|| false);
    let world = use_mut_ref(|| None::<SimConsole>);
    let Some(session) = session else { return html! {} };
    let mine: Vec<&Rc<Call>> = session
        .state
        .console
        .iter()
        .filter(|(of_simulation, _)| *of_simulation == *simulated)
        .map(|(_, call)| call)
        .collect();
    let last_fd = mine.iter().rev().find_map(|call| made_descriptor(call));
    let is_simulated = *simulated;
    let value = {
        let values = values.clone();
        move |arg: Arg| match (values.get(&arg), arg, last_fd) {
            (Some(text), ..) => text.clone(),
            (None, Arg::Fd, Some(fd)) => fd.to_string(),
            (None, Arg::Address, _) if is_simulated => ECHO.0.to_owned(),
            (None, Arg::Port, _) if is_simulated => ECHO.1.to_string(),
            (None, Arg::Data, _) if is_simulated => "ola\\n".to_owned(),
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
    let kernel = |wanted: bool| {
        let (simulated, values) = (simulated.clone(), values.clone());
        Callback::from(move |_: Event| {
            simulated.set(wanted);
            // Descriptors, addresses and ports of the other kernel mean nothing here.
            values.set(Rc::default());
        })
    };
    let make = {
        let (session, bad, value, name) = (session.clone(), bad.clone(), value.clone(), *name);
        let (world, busy) = (world.clone(), busy.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            match syscall(name, &value) {
                Err(arg) => bad.set(Some(arg)),
                Ok(call) => {
                    bad.set(None);
                    match is_simulated {
                        false => session.call_by_hand(call),
                        true => busy.set(!simulate(&session, &mut world.borrow_mut(), call)),
                    }
                }
            }
        })
    };
    let restart = {
        let (world, busy) = (world.clone(), busy.clone());
        Callback::from(move |_: MouseEvent| {
            *world.borrow_mut() = None;
            busy.set(false);
        })
    };
    let field = |arg: Arg| {
        let values_now = values.clone();
        let change = Callback::from(move |event: InputEvent| {
            let mut next = (**values_now).clone();
            next.insert(arg, value_of(&event));
            values_now.set(Rc::new(next));
        });
        let wide = matches!(arg, Arg::Data | Arg::Address | Arg::Node);
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
            <fieldset class="where">
                <legend class="sr-only">{ say(ctx, Msg::ConsoleKernel) }</legend>
                <label><input type="radio" name="kernel" checked={is_simulated} onchange={kernel(true)} />{ say(ctx, Msg::Simulated) }</label>
                <label><input type="radio" name="kernel" checked={!is_simulated} onchange={kernel(false)} />{ say(ctx, Msg::Real) }</label>
            </fieldset>
            if is_simulated {
                <p class="muted">{ say(ctx, Msg::ConsoleEcho { ip: ECHO.0.to_owned(), port: ECHO.1 }) }{ " " }
                    <button type="button" onclick={restart}>{ say(ctx, Msg::ConsoleRestart) }</button></p>
            } else {
                { real::status(ctx, &session) }
            }
            <form class="form" onsubmit={make}>
                <label>{ say(ctx, Msg::ConsoleCall) }
                    <select aria-label={say(ctx, Msg::ConsoleCall)} onchange={choose}>{ for Name::ALL.iter().map(|option| html! {
                        <option value={option.text()} selected={*option == *name}>{ option.text() }</option>
                    }) }</select>
                </label>
                { for name.args().iter().map(|arg| field(*arg)) }
                <button type="submit" class="primary" disabled={!is_simulated && !session.ready()}>{ say(ctx, Msg::ConsoleMake) }</button>
            </form>
            if let Some(arg) = *bad { <p class="err" role="alert">{ say(ctx, Msg::BadArgument { name: label(ctx, arg) }) }</p> }
            if *busy && is_simulated { <p class="warn" role="alert">{ say(ctx, Msg::ConsoleBusy) }</p> }
            if mine.is_empty() {
                <p class="empty">{ say(ctx, Msg::ConsoleEmpty) }</p>
            } else {
                { real_calls::table(ctx, mine.iter().map(|call| real_calls::row(ctx, call, None, is_simulated))) }
            }
        </div>
    }
}

/// Makes a call on the simulated kernel; whether it could be made.
fn simulate(session: &Session, world: &mut Option<SimConsole>, call: Syscall) -> bool {
    if world.is_none() {
        *world = SimConsole::new();
    }
    let Some(console) = world else { return false };
    let outcome = match console.call(call.clone()) {
        Came::Busy => return false,
        Came::Blocked => None,
        Came::Reply(reply, _) => Some(Outcome::Done(Box::new(Done { reply, measured: None }))),
    };
    let number = session.by_hand();
    session.state.dispatch(RealAction::Console(true, number, call, outcome));
    true
}

/// The descriptor that a call made: what the next call most likely wants.
fn made_descriptor(call: &Call) -> Option<i64> {
    let makes = matches!(
        *call.syscall,
        Syscall::Socket { .. } | Syscall::Accept { .. } | Syscall::Dup { .. }
    );
    match &call.outcome {
        Outcome::Done(done) if makes => done.reply.ret.ok(),
        _ => None,
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
            Arg::Level => Msg::ArgLevel,
            Arg::Option => Msg::ArgOption,
            Arg::Value => Msg::ArgValue,
            Arg::Events => Msg::ArgEvents,
            Arg::Timeout => Msg::ArgTimeout,
            Arg::Node => Msg::ArgNode,
            Arg::Service => Msg::ArgService,
        },
    )
}

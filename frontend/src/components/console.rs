//! The console: one call at a time, on simulated or real sockets.

use crate::components::real_calls::{self, Of};
use crate::components::{Ctx, real, say, value_of};
use crate::i18n::Msg;
use crate::model::console::{Arg, Form, Name, syscall};
use crate::model::real_log::{Call, Done, Outcome};
use crate::model::sim_console::{Came, ECHO, SimConsole};
use crate::real::{Real as Session, RealAction};
use abi::Syscall;
use std::rc::Rc;
use yew::prelude::*;

#[component]
pub(crate) fn Console(props: &real::Props) -> Html {
    let ctx = &props.ctx;
    let form = use_state(Form::default);
    let world = use_mut_ref(|| None::<SimConsole>);
    let Some(session) = use_context::<Session>() else { return html! {} };
    let all = session.state.console.iter();
    let mine = all.filter(|(simulated, _)| *simulated == form.simulated).map(|(_, call)| call);
    let mine: Vec<&Rc<Call>> = mine.collect();
    let made = mine.iter().rev().find_map(|call| made_descriptor(call));
    let submit = {
        let (session, form, world) = (session.clone(), form.clone(), world.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            form.set(make(&session, &form, made, &mut world.borrow_mut()));
        })
    };
    let restart = {
        let form = form.clone();
        Callback::from(move |_: MouseEvent| {
            *world.borrow_mut() = None;
            form.set(Form { busy: false, ..(*form).clone() });
        })
    };
    let row = |call: &&Rc<Call>| {
        real_calls::row(ctx, call, Of { simulated: form.simulated, ..Of::default() })
    };
    html! {
        <div class="real">
            <p class="muted">{ say(ctx, Msg::ConsoleIntro) }</p>
            { kernel(ctx, &form) }
            if form.simulated {
                <p class="muted">{ say(ctx, Msg::ConsoleEcho { ip: ECHO.0.to_owned(), port: ECHO.1 }) }{ " " }
                    <button type="button" onclick={restart}>{ say(ctx, Msg::ConsoleRestart) }</button></p>
            } else {
                { real::status(ctx, &session) }
            }
            <form class="form" onsubmit={submit}>
                { choice(ctx, &form) }
                { for form.name.args().iter().map(|arg| field(ctx, &form, *arg, made)) }
                <button type="submit" class="primary" disabled={!form.simulated && !session.ready()}>{ say(ctx, Msg::ConsoleMake) }</button>
            </form>
            if let Some(arg) = form.bad { <p class="err" role="alert">{ say(ctx, Msg::BadArgument { name: label(ctx, arg) }) }</p> }
            if form.busy { <p class="warn" role="alert">{ say(ctx, Msg::ConsoleBusy) }</p> }
            if mine.is_empty() {
                <p class="empty">{ say(ctx, Msg::ConsoleEmpty) }</p>
            } else {
                { real_calls::table(ctx, mine.iter().map(row)) }
            }
        </div>
    }
}

/// Which kernel is asked.
fn kernel(ctx: &Ctx, form: &UseStateHandle<Form>) -> Html {
    let option = |simulated: bool, name: Msg| {
        let now = form.clone();
        let choose = Callback::from(move |_: Event| now.set(Form::on(simulated, now.name)));
        html! { <label><input type="radio" name="kernel" checked={form.simulated == simulated} onchange={choose} />{ say(ctx, name) }</label> }
    };
    html! {
        <fieldset class="where">
            <legend class="sr-only">{ say(ctx, Msg::ConsoleKernel) }</legend>
            { option(true, Msg::Simulated) }{ option(false, Msg::Real) }
        </fieldset>
    }
}

/// Which call is made.
fn choice(ctx: &Ctx, form: &UseStateHandle<Form>) -> Html {
    let now = form.clone();
    let choose = Callback::from(move |event: Event| {
        let chosen = value_of(&event);
        if let Some(name) = Name::ALL.into_iter().find(|name| name.text() == chosen) {
            now.set(Form { name, ..(*now).clone() });
        }
    });
    html! {
        <label>{ say(ctx, Msg::ConsoleCall) }
            <select aria-label={say(ctx, Msg::ConsoleCall)} onchange={choose}>{ for Name::ALL.iter().map(|option| html! {
                <option value={option.text()} selected={*option == form.name}>{ option.text() }</option>
            }) }</select>
        </label>
    }
}

fn field(ctx: &Ctx, form: &UseStateHandle<Form>, arg: Arg, made: Option<i64>) -> Html {
    let now = form.clone();
    let change = Callback::from(move |event: InputEvent| now.set(now.with(arg, value_of(&event))));
    let wide = matches!(arg, Arg::Data | Arg::Address | Arg::Node);
    html! {
        <label key={label(ctx, arg)}>{ label(ctx, arg) }
            <input type="text" class={if wide { "" } else { "port" }} value={form.value(arg, made)} oninput={change}
                aria-invalid={(form.bad == Some(arg)).to_string()} spellcheck="false" autocomplete="off" />
        </label>
    }
}

/// Makes the call that is filled in; the form as it is afterwards.
fn make(session: &Session, form: &Form, made: Option<i64>, world: &mut Option<SimConsole>) -> Form {
    match syscall(form.name, |arg| form.value(arg, made)) {
        Err(arg) => Form { bad: Some(arg), ..form.clone() },
        Ok(call) if form.simulated => {
            let busy = !simulate(session, world, call);
            Form { bad: None, busy, ..form.clone() }
        }
        Ok(call) => {
            session.call_by_hand(call);
            Form { bad: None, ..form.clone() }
        }
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
            Arg::Flags => Msg::ArgFlags,
            Arg::Command => Msg::ArgCommand,
            Arg::Argument => Msg::ArgArgument,
            Arg::Request => Msg::ArgRequest,
            Arg::Events => Msg::ArgEvents,
            Arg::Timeout => Msg::ArgTimeout,
            Arg::Node => Msg::ArgNode,
            Arg::Service => Msg::ArgService,
        },
    )
}

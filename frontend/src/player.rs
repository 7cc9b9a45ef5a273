//! The one animation loop of the page. It runs only while something moves: it advances the shown
//! time, draws the wire, and moves the cursor when a moment is reached.

use crate::components::Ctx;
use crate::prefs::Clock;
use crate::state::{Action, Selected};
use crate::wire::Wire;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use yew::prelude::*;

/// Milliseconds from one step to the next at normal speed.
const STEP_MS: f64 = 700.0;
/// Milliseconds of gliding after a single step.
const GLIDE_MS: f64 = 420.0;
/// Nanoseconds in a millisecond.
const MS_NS: f64 = 1e6;
/// Milliseconds between two changes of the tables while playing by simulated time.
const TABLES_MS: f64 = 90.0;
/// A longer frame was a hidden tab or a busy machine, not time to be made up for.
const FRAME_MAX_MS: f64 = 100.0;

/// What moves.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Motion {
    Rest,
    /// From one shown time to another; milliseconds so far.
    Glide {
        from: f64,
        to: f64,
        at: f64,
    },
    /// Playing by event: part of the way to the next moment.
    Events {
        part: f64,
    },
    /// Playing by simulated time.
    Time,
}

struct Player {
    ctx: Ctx,
    wire: Rc<RefCell<Wire>>,
    motion: Motion,
    /// Shown time, nanoseconds.
    t: f64,
    cursor: usize,
    last_ms: Option<f64>,
    /// Milliseconds since the tables were last told while playing by simulated time.
    quiet_ms: f64,
    frame: Option<Closure<dyn FnMut(f64)>>,
    requested: bool,
}

/// Keeps the wire drawn at the time that the state asks for.
#[hook]
pub(crate) fn use_player(ctx: &Ctx, wire: &Rc<RefCell<Wire>>) {
    let player = use_memo((), |()| {
        Rc::new(RefCell::new(Player {
            ctx: ctx.clone(),
            wire: wire.clone(),
            motion: Motion::Rest,
            t: 0.0,
            cursor: 0,
            last_ms: None,
            quiet_ms: 0.0,
            frame: None,
            requested: false,
        }))
    });
    player.borrow_mut().ctx = ctx.clone();
    let run = ctx.run.as_ref().map_or(0, |run| Rc::as_ptr(run) as usize);
    let key = (ctx.cursor, ctx.playing, run, ctx.prefs.clock, ctx.selected, ctx.panel);
    use_effect_with(key, {
        let player = (*player).clone();
        move |_| changed(&player)
    });
}

fn calm(ctx: &Ctx) -> bool {
    let query = "(prefers-reduced-motion: reduce)";
    let asked = web_sys::window().and_then(|w| w.match_media(query).ok().flatten());
    ctx.prefs.less_motion || asked.is_some_and(|media| media.matches())
}

/// The state changed: rest, glide or play.
fn changed(player: &Rc<RefCell<Player>>) {
    {
        let mut p = player.borrow_mut();
        let ctx = p.ctx.clone();
        let target = time_of(&ctx, ctx.cursor);
        let before = std::mem::replace(&mut p.cursor, ctx.cursor);
        let by_play = matches!(p.motion, Motion::Events { .. } | Motion::Time);
        if ctx.playing {
            if !by_play || before.abs_diff(ctx.cursor) > 1 && ctx.prefs.clock == Clock::Events {
                p.t = target;
            }
            p.motion = match (ctx.prefs.clock, p.motion) {
                (Clock::Events, Motion::Events { part }) if before == ctx.cursor => {
                    Motion::Events { part }
                }
                (Clock::Events, _) => Motion::Events { part: 0.0 },
                (Clock::Time, _) => Motion::Time,
            };
        } else if ctx.cursor == before + 1 && !calm(&ctx) && target > p.t {
            p.motion = Motion::Glide { from: p.t, to: target, at: 0.0 };
        } else if before != ctx.cursor || !matches!(p.motion, Motion::Glide { .. }) {
            p.motion = Motion::Rest;
            p.t = target;
        }
        p.draw();
    }
    request(player);
}

fn time_of(ctx: &Ctx, cursor: usize) -> f64 {
    ctx.course().and_then(|course| course.moments.get(cursor)).map_or(0.0, |m| m.t_ns as f64)
}

/// Asks for a frame if something moves and none is on its way.
fn request(player: &Rc<RefCell<Player>>) {
    let mut p = player.borrow_mut();
    if p.motion == Motion::Rest {
        p.last_ms = None;
        return;
    }
    if p.requested {
        return;
    }
    if p.frame.is_none() {
        let weak = Rc::downgrade(player);
        p.frame = Some(Closure::new(move |now: f64| {
            if let Some(player) = weak.upgrade() {
                player.borrow_mut().requested = false;
                frame(&player, now);
            }
        }));
    }
    let asked = p.frame.as_ref().and_then(|frame| {
        web_sys::window()?.request_animation_frame(frame.as_ref().unchecked_ref()).ok()
    });
    p.requested = asked.is_some();
}

fn frame(player: &Rc<RefCell<Player>>, now: f64) {
    let actions = {
        let mut p = player.borrow_mut();
        let dt = p.last_ms.replace(now).map_or(0.0, |last| (now - last).clamp(0.0, FRAME_MAX_MS));
        let actions = p.advance(dt);
        p.draw();
        actions
    };
    let ctx = player.borrow().ctx.clone();
    for action in actions {
        ctx.dispatch(action);
    }
    request(player);
}

impl Player {
    /// Moves time on by `dt` milliseconds.
    fn advance(&mut self, dt: f64) -> Vec<Action> {
        let ctx = self.ctx.clone();
        let speed = ctx.prefs.speeds()[ctx.prefs.speed_now()];
        let last = ctx.last();
        match self.motion {
            Motion::Rest => Vec::new(),
            Motion::Glide { from, to, at } => {
                let at = at + dt;
                let part = (at / GLIDE_MS).min(1.0);
                // Starts and ends gently.
                let eased = part * part * (3.0 - 2.0 * part);
                self.t = from + (to - from) * eased;
                self.motion =
                    if part < 1.0 { Motion::Glide { from, to, at } } else { Motion::Rest };
                Vec::new()
            }
            Motion::Events { part } => {
                let part = part + dt * speed / STEP_MS;
                let (from, to) = (time_of(&ctx, self.cursor), time_of(&ctx, self.cursor + 1));
                if part < 1.0 {
                    if !calm(&ctx) {
                        self.t = from + (to - from) * part;
                    }
                    self.motion = Motion::Events { part };
                    return Vec::new();
                }
                self.t = to;
                self.motion = Motion::Events { part: 0.0 };
                self.reached(&ctx, self.cursor + 1, last)
            }
            Motion::Time => {
                self.t += dt * speed * MS_NS;
                let Some(course) = ctx.course() else { return Vec::new() };
                let reached = course.moments.partition_point(|m| m.t_ns as f64 <= self.t);
                let reached = reached.saturating_sub(1).max(self.cursor);
                // Packets move with every frame; tables that change faster than anybody reads
                // would only cost the frames their time.
                self.quiet_ms += dt;
                if reached > self.cursor && (self.quiet_ms >= TABLES_MS || reached >= last) {
                    self.quiet_ms = 0.0;
                    return self.reached(&ctx, reached, last);
                }
                Vec::new()
            }
        }
    }

    fn reached(&mut self, ctx: &Ctx, cursor: usize, last: usize) -> Vec<Action> {
        let stop = crate::session::breakpoint_between(ctx, self.cursor + 1, cursor);
        let cursor = stop.unwrap_or(cursor).min(last);
        let mut actions = vec![Action::Cursor(cursor)];
        if stop.is_some() || cursor >= last {
            actions.push(Action::Play(false));
        }
        actions
    }

    fn draw(&mut self) {
        let selected = match self.ctx.selected {
            Some(Selected::Packet(index)) => Some(index),
            _ => None,
        };
        if let Some(run) = self.ctx.run.clone() {
            self.wire.borrow_mut().draw(&run.course, &run.delays_ns, self.t, selected);
        }
    }
}

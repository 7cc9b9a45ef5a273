//! Random sequences of calls: made from a seed, run on both kernels, and a disagreement shrunk to
//! the shortest sequence that still shows it.
//!
//! The program is a table of operations and a C interpreter for it (`random.c`), so a shorter
//! sequence is a shorter table. Many sequences share a program, each in a process of its own.

use super::linux::{self, By};
use super::scenario::Scenario;
use super::{Outcome, Tally, simulated, strace};
use std::collections::BTreeMap;
use std::path::Path;

/// One call: what, and three numbers that choose its arguments.
type Op = [u32; 4];

/// Kinds of operations in `random.c`.
const KINDS: u32 = 38;
/// Calls of a sequence.
const LENGTH: usize = 24;
/// Sequences of one program.
const BATCH: usize = 100;
/// Disagreements that are shrunk and shown; all are counted.
const SHRUNK_MAX: usize = 5;

/// SplitMix64 (Steele, Lea, Flood 2014): small, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z >> 33) as u32
    }
}

/// A sequence that is likely to get somewhere: half of them begin with a listener and a
/// connection, a pair, or a datagram socket.
fn sequence(seed: u64) -> Vec<Op> {
    let mut random = Random(seed);
    let mut ops: Vec<Op> = match random.next() % 6 {
        // socket, bind 127.0.0.1:7000, listen, socket, connect there, accept.
        0..3 => {
            vec![[0, 0, 0, 0], [1, 0, 0, 0], [2, 0, 1, 0], [0, 1, 0, 0], [3, 1, 0, 0], [4, 0, 2, 0]]
        }
        3 => vec![[15, 0, 1, random.next() % 4]],
        4 => vec![[0, 0, 0, 2], [1, 0, 0, 0], [0, 1, 0, 2], [3, 1, 0, 0]],
        _ => Vec::new(),
    };
    while ops.len() < LENGTH {
        let what = random.next() % KINDS;
        // Few slots and few ports, so that things meet.
        let a = if random.next().is_multiple_of(4) { random.next() % 6 } else { random.next() % 3 };
        ops.push([what, a, random.next() % 1000, random.next() % 1000]);
    }
    ops
}

fn source(sequences: &[Vec<Op>]) -> String {
    let mut table = String::new();
    for ops in sequences {
        for [what, a, b, c] in ops {
            table += &format!("    {{ {what}, {a}, {b}, {c} }},\n");
        }
        table += "    { -1, 0, 0, 0 },\n";
    }
    include_str!("random.c").replace("/*TABLE*/", &table)
}

/// The lines of each sequence on one kernel.
type Lines = BTreeMap<usize, Vec<String>>;

fn lines(outcome: &Outcome) -> Lines {
    let mut all = Lines::new();
    for line in outcome.outputs.first().map_or("", String::as_str).lines() {
        let Some((place, text)) = line.split_once(": ") else { continue };
        let number = place.split('.').next().and_then(|number| number.parse().ok());
        if let Some(number) = number {
            all.entry(number).or_default().push(strace::words(text, &[]));
        }
    }
    all
}

/// The kernels, and a place for the programs.
pub(super) struct Judges<'a> {
    pub(super) workshop: &'a linux::Workshop,
    pub(super) soquete: &'a Path,
    /// Linux against itself, to know which sequences vary there.
    pub(super) real_only: bool,
}

impl Judges<'_> {
    fn both(&self, sequences: &[Vec<Op>]) -> Result<(Lines, Lines), String> {
        let file = self.workshop.dir().join("matrix-random.c");
        std::fs::write(&file, source(sequences)).map_err(|error| error.to_string())?;
        let scenario = Scenario::of_file("matrix-random".to_owned(), file);
        let real = lines(&linux::judge(self.workshop, &scenario, By::Itself)?);
        let simulated = if self.real_only {
            linux::judge(self.workshop, &scenario, By::Itself)?
        } else {
            simulated::run(self.soquete, &scenario, self.workshop.dir())?
        };
        Ok((real, lines(&simulated)))
    }

    /// Removes calls while the kernels still disagree.
    fn shrink(&self, mut ops: Vec<Op>) -> Result<(Vec<String>, Vec<String>), String> {
        let mut found = self.both(std::slice::from_ref(&ops))?;
        loop {
            // All shorter ones at once: a program has room for many.
            let shorter: Vec<Vec<Op>> = (0..ops.len())
                .map(|at| {
                    let mut one = ops.clone();
                    one.remove(at);
                    one
                })
                .collect();
            let (real, simulated) = self.both(&shorter)?;
            let still = (0..shorter.len()).find(|i| real.get(i) != simulated.get(i));
            let Some(i) = still else { break };
            ops = shorter[i].clone();
            let one =
                |lines: &Lines| Lines::from([(0, lines.get(&i).cloned().unwrap_or_default())]);
            found = (one(&real), one(&simulated));
            if ops.is_empty() {
                break;
            }
        }
        let take = |lines: &Lines| lines.get(&0).cloned().unwrap_or_default();
        Ok((take(&found.0), take(&found.1)))
    }

    /// Runs `count` sequences from `seed` on.
    pub(super) fn random(&self, seed: u64, count: usize, tally: &mut Tally) -> Result<(), String> {
        let mut agree = 0;
        let mut bad = Vec::new();
        for first in (0..count).step_by(BATCH) {
            let seeds: Vec<u64> =
                (first..count.min(first + BATCH)).map(|i| seed + i as u64).collect();
            let sequences: Vec<Vec<Op>> = seeds.iter().map(|seed| sequence(*seed)).collect();
            let (real, simulated) = self.both(&sequences)?;
            for (i, seed) in seeds.iter().enumerate() {
                if real.contains_key(&i) && real.get(&i) == simulated.get(&i) {
                    agree += 1;
                } else {
                    bad.push(*seed);
                }
            }
        }
        println!(
            "random sequences: {agree} of {count} agree (seeds {seed} to {})",
            seed + count as u64 - 1
        );
        tally.cases += count;
        tally.cases_agree += agree;
        for seed in bad.iter().take(SHRUNK_MAX) {
            println!("✗ seed {seed}:");
            let (real, simulated) = self.shrink(sequence(*seed))?;
            for (i, line) in real.iter().enumerate() {
                match simulated.get(i) {
                    Some(other) if other == line => println!("      both   {line}"),
                    other => {
                        println!("    ≠ linux  {line}");
                        println!("    ≠ other  {}", other.map_or("(nothing)", String::as_str));
                    }
                }
            }
        }
        if !bad.is_empty() {
            tally.worse.push(format!("random sequences ({} of {count})", bad.len()));
        }
        Ok(())
    }
}

//! What a person sees of a stopped program: a variable has a value from its initialiser on.

use abi::{Pid, Reply, Syscall};
use soquete_cc::view::Value;
use soquete_cc::{Machine, SharedMemory, Sources, Step, StopAt, Target, compile};

const TEXT: &str = "#include <unistd.h>
int main(void) {
    for (int i = 0; i < 2; i++) {
        int before = i + 40;
        int n = getppid() + before;
        if (n != before + 7) return 1;
    }
    return 0;
}";

/// The value of a variable of `main` at each statement's line and at the call.
fn values(name: &str) -> Vec<(u32, Option<Value>)> {
    let compilation = compile(&Sources::single("test.c", TEXT), Target::Linux);
    let program = compilation.program.clone().expect("it compiles");
    let mut machine = Machine::new(program, &["test".to_owned()], &[], Pid(1));
    let (mut shared, mut fuel, mut seen) = (SharedMemory::new(), 10_000, Vec::new());
    loop {
        let step = machine.step(Pid(1), &mut fuel, &mut shared, StopAt::Statement);
        let stack = machine.view(Pid(1), &shared);
        let local = stack.frames.last().and_then(|frame| {
            frame.locals.iter().find(|local| local.name == name).map(|local| local.value.clone())
        });
        let line =
            machine.position(Pid(1)).map_or(0, |at| compilation.sources.line_column(at).line);
        match step {
            Step::Statement => seen.push((line, local)),
            Step::Syscall(Syscall::ExitGroup { status }) => {
                assert_eq!(status, 0);
                return seen;
            }
            Step::Syscall(_) => {
                seen.push((line, local));
                machine.resume(Pid(1), &Reply::ok(7), &mut shared);
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_variable_has_no_value_while_its_initialiser_waits() {
    let unset: Vec<_> = values("n")
        .into_iter()
        .filter(|(line, value)| *line == 5 && value.is_some())
        .map(|(_, value)| value.unwrap())
        .collect();
    assert_eq!(unset.len(), 4, "the statement and its call, twice");
    assert!(unset.iter().all(|value| *value == Value::Uninitialised), "{unset:?}");
}

#[test]
fn a_variable_has_its_value_at_the_next_statement() {
    let set: Vec<_> = values("n").into_iter().filter(|(line, _)| *line == 6).collect();
    let want = [47, 48].map(|n| (6, Some(Value::Int(n))));
    assert_eq!(set, want);
}

/// What the program was started with is followed to its texts.
#[test]
fn arguments_are_followed() {
    use soquete_cc::view::Target as To;
    let text = "#include <unistd.h>
int main(int argc, char *argv[], char **envp) {
    char *host = argv[1];
    char **rest = argv + 1;
    return getppid() * 0;
}";
    let program = compile(&Sources::single("test.c", text), Target::Linux).program.unwrap();
    let args = ["test", "servidor", "a\"b"].map(str::to_owned);
    let env = [("A".to_owned(), "1".to_owned())];
    let mut machine = Machine::new(program, &args, &env, Pid(1));
    let (mut shared, mut fuel) = (SharedMemory::new(), 10_000);
    machine.step(Pid(1), &mut fuel, &mut shared, StopAt::Syscall);
    let locals = machine.view(Pid(1), &shared).frames.pop().unwrap().locals;
    let target = |name: &str| match &locals.iter().find(|l| l.name == name).unwrap().value {
        Value::Pointer { target, .. } => target.clone(),
        other => panic!("{name}: {other:?}"),
    };
    let texts = |all: &[&str]| To::Texts(all.iter().map(|t| (*t).to_owned()).collect(), false);
    assert_eq!(target("argv"), texts(&["\"test\"", "\"servidor\"", "\"a\\\"b\""]));
    assert_eq!(target("rest"), texts(&["\"servidor\"", "\"a\\\"b\""]));
    assert_eq!(target("envp"), texts(&["\"A=1\""]));
    assert_eq!(target("host"), To::Text("\"servidor\"".to_owned()));
}

//! What of a script's shell commands means something to a simulated host: settings.

use std::path::Path;

/// One thing that a command asks for.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Order {
    /// `sysctl NAME=VALUE`, or `mtu`.
    Set(String, String),
    /// Of no consequence here.
    Nothing,
    /// Not understood: the command.
    Unknown(String),
}

/// The orders in `text`; scripts that it calls are looked for in `dir`.
pub(crate) fn orders(text: &str, dir: &Path) -> Vec<Order> {
    let joined = text.replace("\\\n", " ");
    let lines = joined.lines().flat_map(|line| line.split(';')).map(str::trim);
    lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .flat_map(|line| command(line, dir))
        .collect()
}

fn command(line: &str, dir: &Path) -> Vec<Order> {
    let line = line.split(" #").next().unwrap_or(line);
    let words = words(line);
    let Some(program) = words.first() else { return Vec::new() };
    let name = program.rsplit('/').next().unwrap_or(program);
    let settings = |words: &[String]| {
        let settings = words.iter().filter_map(|word| word.split_once('='));
        let set = settings.map(|(name, value)| {
            let name = name.trim_start_matches("/proc/sys/").replace('/', ".");
            Order::Set(name, arithmetic(value))
        });
        set.collect::<Vec<_>>()
    };
    let mentions = |word: &str| words.iter().any(|other| other == word);
    match name {
        "sysctl" | "set_sysctls.py" => settings(&words[1..]),
        _ if name.starts_with("sysctl_restore") => vec![Order::Nothing],
        // There are no metrics and no queueing disciplines to change.
        "ip" if mentions("tcp_metrics") => vec![Order::Nothing],
        "tc" if mentions("pfifo") && !mentions("limit") => vec![Order::Nothing],
        "ip" if mentions("mtu") => {
            let mtu = words.iter().skip_while(|word| *word != "mtu").nth(1);
            mtu.map_or_else(Vec::new, |mtu| vec![Order::Set("mtu".to_owned(), mtu.clone())])
        }
        _ if name.ends_with(".sh") => match std::fs::read_to_string(dir.join(program)) {
            Ok(text) => orders(&text, dir),
            Err(_) => vec![Order::Unknown(line.to_owned())],
        },
        _ => vec![Order::Unknown(line.to_owned())],
    }
}

/// Words, where quotes hold blanks together.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted) = (Vec::new(), String::new(), false);
    for c in line.chars() {
        match c {
            '"' | '\'' => quoted = !quoted,
            c if c.is_whitespace() && !quoted => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
            c => word.push(c),
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// `$((32*1024*1024))` in a value: products are all that the scripts use.
fn arithmetic(value: &str) -> String {
    let mut text = value.to_owned();
    while let Some(start) = text.find("$((") {
        let Some(end) = text[start..].find("))") else { break };
        let product = text[start + 3..start + end].split('*').map(|n| n.trim().parse::<u64>());
        let product: Result<u64, _> = product.product();
        let Ok(product) = product else { break };
        text.replace_range(start..start + end + 2, &product.to_string());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_understood_in_all_spellings() {
        let set = |name: &str, value: &str| Order::Set(name.to_owned(), value.to_owned());
        let all = "sysctl -q net.ipv4.tcp_rmem=\"4096 540000 $((15*1024))\"\n\
                   ./set_sysctls.py /proc/sys/net/ipv4/tcp_sack=0 \\\n /proc/sys/net/ipv4/tcp_frto=1\n\
                   ip link set dev tun0 mtu 9000\nreboot";
        assert_eq!(
            orders(all, Path::new("/nowhere")),
            [
                set("net.ipv4.tcp_rmem", "4096 540000 15360"),
                set("net.ipv4.tcp_sack", "0"),
                set("net.ipv4.tcp_frto", "1"),
                set("mtu", "9000"),
                Order::Unknown("reboot".to_owned()),
            ]
        );
    }
}

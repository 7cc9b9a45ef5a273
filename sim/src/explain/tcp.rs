//! What happens inside a connection, in words: timers, losses, windows.
//!
//! What to read: [`crate::tcp::Event`], where every event has its RFC.

use super::{Explanation, Message, Reference, plain, said};
use crate::tcp::{Event, Ignored, Sample, Timer};
use abi::Lang;

/// An event of one of a host's connections; `None` for what only graphs show.
pub(super) fn explain(event: &Event, host: String, lang: Lang) -> Option<Explanation> {
    let (what, why, written) = match *event {
        // State changes are records of their own.
        Event::State { .. } | Event::Sample(Sample { .. }) => return None,
        Event::TimerFired { timer } => return Some(timer_fired(timer, host, lang)),
        Event::Retransmit { range, times, rto_ns } => {
            let (bytes, rto_ms) = (range.len(), rto_ns / 1_000_000);
            let what = Message::SentAgain { host, bytes, times, rto_ms };
            (what, Some(said(REPEATED, lang)), Reference::Rfc(6298, "5"))
        }
        Event::DuplicateAck { count } => (
            Message::DuplicateAck { host, count },
            Some(Message::DuplicateAckWhy {}),
            Reference::Rfc(5681, "3.2"),
        ),
        Event::EnterRecovery { ssthresh, .. } => (
            Message::RecoveryBegins { host, ssthresh },
            Some(Message::RecoveryBeginsWhy {}),
            Reference::Rfc(6675, "5"),
        ),
        Event::LeaveRecovery { cwnd } => (
            Message::RecoveryEnds { host, cwnd },
            Some(Message::RecoveryEndsWhy {}),
            Reference::Rfc(6675, "5"),
        ),
        Event::EnterLoss { ssthresh } => (
            Message::LossBegins { host, ssthresh },
            Some(Message::LossBeginsWhy {}),
            Reference::Rfc(5681, "3.1"),
        ),
        Event::Undone { cwnd, ssthresh } => (
            Message::Undone { host, cwnd, ssthresh },
            Some(Message::UndoneWhy {}),
            Reference::Rfc(4015, "3.2"),
        ),
        Event::ProbeRepaired { cwnd, .. } => (
            Message::ProbeRepaired { host, cwnd },
            Some(Message::ProbeRepairedWhy {}),
            Reference::Rfc(8985, "7.4"),
        ),
        Event::ZeroWindow => (
            Message::ZeroWindow { host },
            Some(Message::ZeroWindowWhy {}),
            Reference::Rfc(9293, "3.8.6.1"),
        ),
        Event::WindowOpened { snd_wnd } => {
            let why = Some(said(OPENED, lang));
            (Message::WindowOpened { host, snd_wnd }, why, Reference::Rfc(9293, "3.8.6"))
        }
        Event::Ignored { why } => {
            let (why, written) = ignored(why);
            (Message::SegmentIgnored { host }, Some(why), written)
        }
        Event::OutOfOrder { range, expected } => {
            let (bytes, missing) = (range.len(), expected.until_or_zero(range.start));
            let what = Message::KeptOutOfOrder { host, bytes, missing };
            (what, Some(Message::KeptOutOfOrderWhy {}), Reference::Rfc(2018, "4"))
        }
        Event::ListenOverflow { queued, backlog } => (
            Message::ListenOverflow { host, queued, backlog },
            Some(Message::ListenOverflowWhy {}),
            Reference::Man("listen", 2),
        ),
    };
    let otherwise = otherwise(event).map(|pair| said(pair, lang));
    Some(Explanation { why, otherwise, written: vec![written], ..plain(what) })
}

const REPEATED: [&str; 2] = [
    "Cada repetição dobra a espera: se a rede está cheia, insistir depressa só piora.",
    "Each repetition doubles the wait: if the network is full, insisting quickly makes it worse.",
];
const OPENED: [&str; 2] = [
    "O programa do outro lado leu e liberou o buffer dele; a janela nova veio em um ACK.",
    "The program on the other side has read and freed its buffer; the new window came in an ACK.",
];

/// What would be otherwise, or what could be done about it.
#[rustfmt::skip]
fn otherwise(event: &Event) -> Option<[&'static str; 2]> {
    Some(match event {
        Event::State { .. } | Event::Sample(_) | Event::TimerFired { .. } => return None,
        Event::Retransmit { .. } => ["Com um ACK a tempo nada seria repetido; depois de muitas vezes (6 para um SYN, 15 para dados) a conexão acaba com ETIMEDOUT.", "With an ACK in time nothing would be repeated; after many times (6 for a SYN, 15 for data) the connection ends with ETIMEDOUT."],
        Event::DuplicateAck { .. } => ["Se o segmento só se atrasou, o próximo ACK avança e nada é repetido.", "If the segment is merely late, the next ACK moves on and nothing is repeated."],
        Event::EnterRecovery { .. } => ["Esperando o RTO, a conexão pararia e recomeçaria com um segmento só.", "Waiting for the RTO, the connection would stop and start again with a single segment."],
        Event::LeaveRecovery { .. } => ["Outra perda faria a janela cair de novo.", "Another loss would make the window fall again."],
        Event::EnterLoss { .. } => ["Com SACKs chegando, a recuperação rápida teria evitado parar.", "With SACKs coming in, fast recovery would have avoided the stop."],
        Event::Undone { .. } => ["Sem desfazer, um simples atraso deixaria a conexão lenta por muito tempo.", "Without undoing it, a mere delay would leave the connection slow for long."],
        Event::ProbeRepaired { .. } => ["Sem a sonda, só o RTO teria mostrado a perda.", "Without the probe only the RTO would have shown the loss."],
        Event::ZeroWindow => ["Se o outro programa nunca ler, send() deste lado acaba dormindo.", "If the other program never reads, send() on this side ends up sleeping."],
        Event::WindowOpened { .. } => ["Se essa notícia se perdesse, a próxima sonda a traria.", "Had this news been lost, the next probe would bring it."],
        Event::Ignored { .. } => ["Aceitá-lo estragaria o fluxo: TCP só usa o que cabe na janela e na ordem.", "Taking it would spoil the stream: TCP uses only what fits the window and the order."],
        Event::OutOfOrder { .. } => ["Sem guardá-los, o outro lado teria de enviar tudo de novo.", "Without keeping them, the other side would have to send everything again."],
        Event::ListenOverflow { .. } => ["Com accept() mais cedo, ou um backlog maior em listen(), ela entraria na fila.", "With accept() earlier, or a larger backlog in listen(), it would join the queue."],
    })
}

/// A timer ran out: why there is such a timer, and what would have stopped it.
#[rustfmt::skip]
fn timer_fired(timer: Timer, host: String, lang: Lang) -> Explanation {
    let (what, why, otherwise, written): (Message, [&str; 2], [&str; 2], Reference) = match timer {
        Timer::Retransmit => (Message::RtoFired { host },
            ["O RTO é calculado do RTT medido e da sua variação, e nunca é menor que 200 ms.", "The RTO is computed from the measured RTT and its variation, and is never below 200 ms."],
            ["Um ACK antes disso o teria parado.", "An ACK before that would have stopped it."],
            Reference::Rfc(6298, "5")),
        Timer::LossProbe => (Message::ProbeFired { host },
            ["Cerca de dois RTTs sem ACK: uma sonda custa pouco e chega antes do RTO.", "About two RTTs without an ACK: a probe costs little and comes before the RTO."],
            ["Se tudo chegou, o ACK da sonda encerra o assunto.", "If everything has arrived, the probe's ACK settles it."],
            Reference::Rfc(8985, "7.3")),
        Timer::Reorder => (Message::ReorderFired { host },
            ["Segmentos podem trocar de ordem: um pouco de espera evita repetir o que só se atrasou.", "Segments may change order: a little waiting avoids repeating what is merely late."],
            ["Se tivesse chegado, o ACK dele teria parado o temporizador.", "Had it arrived, its ACK would have stopped the timer."],
            Reference::Rfc(8985, "6.3")),
        Timer::Persist => (Message::PersistFired { host },
            ["Com janela zero não se pode enviar, e um ACK perdido não é repetido.", "With a zero window nothing may be sent, and a lost ACK is not repeated."],
            ["Sem sondas os dois lados poderiam esperar para sempre.", "Without probes both sides could wait for ever."],
            Reference::Rfc(9293, "3.8.6.1")),
        Timer::DelayedAck => (Message::DelayedAckFired { host },
            ["O ACK espera 40 ms (no máximo 200) para viajar com uma resposta.", "The ACK waits 40 ms (200 at most) to travel with an answer."],
            ["Se o programa tivesse respondido logo, o ACK iria no mesmo segmento.", "Had the program answered at once, the ACK would go in the same segment."],
            Reference::Rfc(9293, "3.8.6.3")),
        Timer::KeepAlive => (Message::KeepAliveFired { host },
            ["O programa pediu isso com SO_KEEPALIVE.", "The program asked for this with SO_KEEPALIVE."],
            ["Sem resposta a várias sondas, a conexão termina com ETIMEDOUT.", "Without an answer to several probes the connection ends with ETIMEDOUT."],
            Reference::Rfc(9293, "3.8.4")),
        Timer::FinWait2 => (Message::FinWait2Fired { host },
            ["O programa já fechou: ninguém leria o que ainda viesse.", "The program has closed: nobody would read what might still come."],
            ["Com shutdown(SHUT_WR) em vez de close() a espera não teria limite.", "With shutdown(SHUT_WR) instead of close() the wait would have no limit."],
            Reference::Man("tcp", 7)),
        Timer::TimeWait => (Message::TimeWaitFired { host },
            ["São 60 s no Linux, mais do que um segmento vive na rede.", "It is 60 s on Linux, longer than a segment lives in the network."],
            ["Antes disso, bind() à mesma porta pediria SO_REUSEADDR.", "Before that, bind() to the same port would need SO_REUSEADDR."],
            Reference::Rfc(9293, "3.6.1")),
    };
    Explanation {
        what,
        why: Some(said(why, lang)),
        otherwise: Some(said(otherwise, lang)),
        written: vec![written],
    }
}

fn ignored(why: Ignored) -> (Message, Reference) {
    match why {
        Ignored::OldDuplicate => (Message::IgnoredOld {}, Reference::Rfc(9293, "3.10.7.4")),
        Ignored::BeyondWindow => (Message::IgnoredBeyond {}, Reference::Rfc(9293, "3.10.7.4")),
        Ignored::Paws => (Message::IgnoredPaws {}, Reference::Rfc(7323, "5")),
        Ignored::NoAck => (Message::IgnoredNoAck {}, Reference::Rfc(9293, "3.10.7.4")),
        Ignored::BadAck => (Message::IgnoredBadAck {}, Reference::Rfc(5961, "5")),
        Ignored::ResetNotExact => (Message::IgnoredReset {}, Reference::Rfc(5961, "3.2")),
        Ignored::ResetOfAnother => {
            (Message::IgnoredOtherReset {}, Reference::Rfc(9293, "3.10.7.3"))
        }
        Ignored::SynInWindow => (Message::IgnoredSyn {}, Reference::Rfc(5961, "4.2")),
        Ignored::NoMemory => (Message::IgnoredFull {}, Reference::Man("socket", 7)),
        Ignored::ZeroWindow => (Message::IgnoredZero {}, Reference::Rfc(9293, "3.8.6")),
    }
}

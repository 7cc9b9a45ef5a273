//! What a record means, in words: what happened, why, what would have happened otherwise, and where
//! it is written. Computed from the trace, so that it holds for anybody's program.
//!
//! An [`Explanation`] is made of typed [`Message`]s with values; each message has its text in both
//! languages on one line of one table, so that none can be missing.

mod calls;
mod network;
mod objects;
mod results;
mod tcp;

use crate::causes;
use crate::inspect::packet_label;
use crate::kernel::wait::{Reason, WaitFor};
use crate::net::{Cause, StateWhy};
use crate::tcp::State;
use crate::trace::{Drop, Fate, Record, SignalBy, SignalEffect, What};
use crate::{HostId, PacketId, timeline::Action};
use abi::{Errno, Fd, Lang, Pid, Reply, Syscall, consts, strace};
use objects::{Object, Objects, Sent};
use std::collections::BTreeMap;

/// What a record means.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Explanation {
    /// What happened.
    pub what: Message,
    /// Why.
    pub why: Option<Message>,
    /// What would have happened otherwise, or what to change.
    pub otherwise: Option<Message>,
    /// Where it is written.
    pub written: Vec<Reference>,
}

/// A place where it is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reference {
    /// A page of Linux's manual.
    Man(&'static str, u8),
    /// A function of Winsock 2, as Microsoft documents it (winsock2.h).
    Winsock(&'static str),
    /// An RFC's section; empty for the whole.
    Rfc(u16, &'static str),
}

impl std::fmt::Display for Reference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Reference::Man(name, section) => write!(f, "{name}({section})"),
            Reference::Winsock(name) => write!(f, "winsock2.h: {name}"),
            Reference::Rfc(number, "") => write!(f, "RFC {number}"),
            Reference::Rfc(number, section) => write!(f, "RFC {number} §{section}"),
        }
    }
}

/// Names of hosts and processes, and what stands behind numbers, collected from the trace.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Names {
    hosts: Vec<String>,
    processes: BTreeMap<(HostId, Pid), String>,
    objects: Objects,
}

impl Names {
    /// From the hosts' names and the records so far.
    pub fn new<'a>(hosts: Vec<String>, records: impl Iterator<Item = &'a Record>) -> Names {
        let mut names = Names { hosts, ..Names::default() };
        for record in records {
            names.learn(record);
        }
        names
    }

    /// One more record.
    pub fn learn(&mut self, record: &Record) {
        if let What::ProcessStart { program, .. } | What::Exec { program } = &record.what {
            self.processes.insert((record.host, record.pid), program.clone());
        }
        self.objects.learn(record);
    }

    /// A host's name.
    pub fn host(&self, host: HostId) -> String {
        self.hosts.get(host.0 as usize).cloned().unwrap_or_else(|| format!("host {host}"))
    }

    /// `client`, or `server[3]` where a process has a parent of the same name.
    pub fn process(&self, host: HostId, pid: Pid) -> String {
        let Some(name) = self.processes.get(&(host, pid)) else {
            return format!("kernel {}", self.host(host));
        };
        let same = self.processes.iter().filter(|((h, _), n)| *h == host && *n == name).count();
        if same > 1 { format!("{name}[{pid}]") } else { name.clone() }
    }
}

macro_rules! messages {
    ($($(#[doc = $doc:literal])* $name:ident { $($field:ident: $ty:ty),* } $pt:literal $en:literal)*) => {
        /// A sentence with values.
        #[allow(missing_docs)] // the text is the documentation
        #[derive(Clone, PartialEq, Eq, Debug)]
        pub enum Message { $($(#[doc = $doc])* $name { $($field: $ty),* }),* }

        impl Message {
            /// The sentence.
            pub fn text(&self, lang: Lang) -> String {
                match (self, lang) {
                    $((Message::$name { $($field),* }, Lang::PtBr) => format!($pt),
                    (Message::$name { $($field),* }, Lang::En) => format!($en),)*
                }
            }
        }
    };
}

messages! {
    Started { who: String }
        "{who} começa: o kernel criou o processo."
        "{who} starts: the kernel has created the process."
    Forked { who: String, parent: i32 }
        "{who} começa: é a cópia que fork() fez do processo {parent}."
        "{who} starts: it is the copy that fork() made of process {parent}."
    ForkWhy { }
        "O filho tem cópia da memória e dos descritores; só o retorno de fork() difere (0 no filho)."
        "The child has a copy of memory and descriptors; only fork()'s return value differs (0 in the child)."
    ForkOtherwise { }
        "Um socket aberto antes está agora nos dois: só fecha quando os dois o fecharem."
        "A socket opened before is in both now: it closes only when both close it."
    Execed { who: String }
        "{who} é agora outro programa; o número do processo e os descritores abertos ficam."
        "{who} is another program now; process number and open descriptors stay."
    ThreadStarted { who: String }
        "{who} tem mais uma thread: a mesma memória, outra pilha."
        "{who} has one more thread: the same memory, another stack."
    ThreadEnded { who: String }
        "Uma thread de {who} terminou."
        "A thread of {who} has ended."
    Computed { who: String, statements: u32, instructions: u64 }
        "{who} executou {statements} comandos ({instructions} instruções) sem precisar do kernel."
        "{who} ran {statements} statements ({instructions} instructions) without needing the kernel."
    ComputedOne { who: String, instructions: u64 }
        "{who} executou 1 comando ({instructions} instruções) sem precisar do kernel."
        "{who} ran 1 statement ({instructions} instructions) without needing the kernel."
    Asked { who: String, call: String }
        "{who} chamou {call}()."
        "{who} called {call}()."
    Slept { who: String, call: String }
        "{who} chamou {call}() e dorme."
        "{who} called {call}() and sleeps."
    Answered { who: String, call: String, ret: String }
        "{call}() devolveu {ret} a {who}."
        "{call}() returned {ret} to {who}."
    AnsweredLate { who: String, call: String, ret: String, slept: String }
        "{call}() devolveu {ret} a {who}, que dormiu {slept}."
        "{call}() returned {ret} to {who}, which slept for {slept}."
    AskedWhy { }
        "O programa só continua quando o kernel responder."
        "The program goes on only when the kernel answers."
    Failed { who: String, call: String, errno: String, message: String }
        "{call}() de {who} falhou: {errno} ({message})."
        "{call}() of {who} failed: {errno} ({message})."
    FailedAt { who: String, call: String, line: u32, errno: String, message: String }
        "{call}() na linha {line} de {who} falhou: {errno} ({message})."
        "{call}() in line {line} of {who} failed: {errno} ({message})."
    WaitConnection { }
        "A fila de conexões prontas está vazia: accept() espera o fim de um handshake."
        "The queue of completed connections is empty: accept() waits for the end of a handshake."
    WaitHandshake { }
        "O SYN saiu; connect() espera o SYN-ACK do outro lado."
        "The SYN has left; connect() waits for the peer's SYN-ACK."
    WaitData { }
        "Não há bytes para ler; o kernel acorda o processo quando chegarem dados, um FIN ou um erro."
        "There are no bytes to read; the kernel wakes the process when data, a FIN or an error arrives."
    WaitDatagram { }
        "Nenhum datagrama na fila; o kernel acorda o processo quando um chegar."
        "No datagram is queued; the kernel wakes the process when one arrives."
    WaitQueued { }
        "A fila está vazia; o kernel acorda o processo quando o outro lado escrever ou fechar."
        "The queue is empty; the kernel wakes the process when the other side writes or closes."
    WaitPipe { }
        "O pipe está vazio; o processo acorda quando alguém escrever, ou quando a última ponta de escrita fechar."
        "The pipe is empty; the process wakes when somebody writes, or when the last writing end closes."
    WaitTyping { }
        "Nenhuma linha foi digitada ainda; Enter (ou Ctrl+D) acorda o processo."
        "No line was typed yet; Enter (or Ctrl+D) wakes the process."
    WaitUnixConnection { }
        "Ninguém chamou connect() neste nome ainda; o primeiro que chamar acorda o processo."
        "Nobody has called connect() to this name yet; the first who does wakes the process."
    WaitUnixAccept { }
        "A fila de quem escuta está cheia; um accept() dele acorda o processo."
        "The listener's queue is full; an accept() of its wakes the process."
    WaitReader { }
        "Não há mais lugar; quando o outro lado ler, o processo acorda."
        "There is no more room; when the other side reads, the process wakes."
    WaitRoom { }
        "O buffer de envio está cheio; há lugar de novo quando o outro lado confirmar (ou ler)."
        "The send buffer is full; there is room again when the peer acknowledges (or reads)."
    WaitLinger { }
        "SO_LINGER: close() espera até que tudo esteja confirmado ou o tempo acabe."
        "SO_LINGER: close() waits until everything is acknowledged or the time is over."
    WaitReady { fds: String }
        "Nenhum está pronto (descritores {fds}); o primeiro que ficar acorda o processo."
        "None is ready (descriptors {fds}); the first that becomes so wakes the process."
    WaitReadyNone { }
        "Não há descritor na lista: só o tempo ou um sinal acorda o processo."
        "There is no descriptor on the list: only time or a signal wakes the process."
    WaitChild { }
        "Nenhum filho terminou ainda; o fim de um deles acorda o pai."
        "No child has ended yet; the end of one wakes the parent."
    WaitTime { }
        "O processo pediu para dormir; o relógio do kernel o acorda."
        "The process asked to sleep; the kernel's clock wakes it."
    WaitSignal { }
        "Só um sinal acorda o processo."
        "Only a signal wakes the process."
    WaitLock { }
        "Outra thread tem o mutex, ou ninguém sinalizou ainda."
        "Another thread has the mutex, or nobody has signalled yet."
    WaitFileLock { }
        "Outro processo tem a trava do arquivo; quando a soltar, este acorda."
        "Another process has the file's lock; when it lets go, this one wakes."
    WaitThread { tid: i32 }
        "A thread {tid} ainda não terminou."
        "Thread {tid} has not ended yet."
    WaitSemaphore { }
        "O semáforo não tem valor bastante; outro processo precisa aumentá-lo."
        "The semaphore's value is too small; another process must raise it."
    WaitQueue { }
        "A fila de mensagens está cheia (ou vazia)."
        "The message queue is full (or empty)."
    WaitOtherEnd { }
        "Um FIFO abre quando as duas pontas estão abertas."
        "A FIFO opens when both ends are open."
    SendPartial { n: i64, wanted: u64 }
        "Só {n} de {wanted} bytes couberam; o programa precisa enviar o resto em outra chamada."
        "Only {n} of {wanted} bytes fitted; the program must send the rest in another call."
    ForkMade { pid: i64 }
        "Devolve duas vezes: {pid} no pai, 0 no filho."
        "It returns twice: {pid} in the parent, 0 in the child."
    WaitMade { pid: i64 }
        "O filho {pid} era um zumbi; agora o kernel pode esquecê-lo."
        "Child {pid} was a zombie; now the kernel can forget it."
    PollMade { n: i64 }
        "Descritores prontos: {n}. A próxima leitura ou escrita neles não dorme."
        "Descriptors that are ready: {n}. The next read or write on them does not sleep."
    PollTimeout { }
        "O tempo acabou e nenhum descritor está pronto."
        "The time is over and no descriptor is ready."
    PacketLeft { from: String, to: String, label: String }
        "{from} → {to}: {label} parte."
        "{from} → {to}: {label} leaves."
    PacketLost { from: String, to: String, label: String }
        "{from} → {to}: {label} se perde."
        "{from} → {to}: {label} is lost."
    PacketLooped { label: String, host: String }
        "{label} chega a {host} pela loopback, sem sair do host."
        "{label} arrives at {host} over loopback, without leaving the host."
    PacketCame { label: String, host: String, from: String, time: String }
        "{label} chega a {host}, {time} depois de partir de {from}."
        "{label} arrives at {host}, {time} after it left {from}."
    PacketThrown { host: String, label: String }
        "{host} joga fora: {label}."
        "{host} throws away: {label}."
    CauseSyn { }
        "Pede a abertura da conexão e diz o número de sequência inicial."
        "It asks to open a connection and tells the initial sequence number."
    CauseSynAck { }
        "O kernel aceita a conexão: confirma o SYN e manda o seu. O processo ainda não sabe de nada."
        "The kernel accepts the connection: it acknowledges the SYN and sends its own. The process knows nothing yet."
    CauseData { }
        "Leva bytes do buffer de envio; a janela e a cwnd permitem."
        "It carries bytes of the send buffer; window and cwnd allow it."
    CauseFin { }
        "Diz: não envio mais nada. O outro sentido continua aberto."
        "It says: I send nothing more. The other direction stays open."
    CauseAck { }
        "Confirma o que chegou até aqui."
        "It acknowledges what has arrived so far."
    CauseDelayedAck { }
        "O ACK esperou que dados o levassem de carona; o tempo acabou."
        "The ACK waited for data to ride on; its time is over."
    CauseDuplicateAck { }
        "Falta um segmento antes do que chegou: repete o ACK do último byte em ordem."
        "A segment is missing before the one that arrived: the ACK of the last byte in order is repeated."
    CauseChallenge { }
        "O segmento era suspeito (fora da janela ou um RST/SYN inesperado): o ACK pede confirmação."
        "The segment was suspicious (outside the window, or an unexpected RST/SYN): the ACK asks for confirmation."
    CauseWindow { }
        "O processo leu: há lugar de novo no buffer, e o outro lado precisa saber."
        "The process has read: there is room in the buffer again, and the peer must know."
    CauseRetransmit { }
        "Não houve ACK a tempo (RTO): o kernel envia outra vez e dobra o tempo de espera."
        "No ACK came in time (RTO): the kernel sends again and doubles the wait."
    CauseFastRetransmit { }
        "ACKs repetidos dizem que ele se perdeu: vai de novo sem esperar o RTO."
        "Repeated ACKs say that it was lost: it goes again without waiting for the RTO."
    CauseTailProbe { }
        "Os últimos dados não foram confirmados: uma sonda antes do RTO."
        "The last data were not acknowledged: a probe before the RTO."
    CauseProbe { }
        "A janela do outro lado é zero: uma sonda pergunta se ainda é."
        "The peer's window is zero: a probe asks whether it still is."
    CauseKeepAlive { }
        "A conexão está parada há tempo: SO_KEEPALIVE pergunta se o outro lado ainda existe."
        "The connection has been idle for long: SO_KEEPALIVE asks whether the peer still exists."
    CauseReset { }
        "Não há conexão para isso (ou ela foi abortada): RST acaba com ela na hora."
        "There is no connection for this (or it was aborted): RST ends it at once."
    CauseDatagram { }
        "Um datagrama: um send(), um pacote, sem conexão e sem garantia."
        "A datagram: one send(), one packet, without connection or guarantee."
    CauseIcmp { }
        "O kernel avisa (ou responde) por ICMP."
        "The kernel reports (or answers) by ICMP."
    CauseNeighbour { }
        "Para enviar é preciso o endereço Ethernet do vizinho: ARP pergunta quem tem o endereço IP."
        "To send, the neighbour's Ethernet address is needed: ARP asks who has the IP address."
    CauseNeighbourAnswer { }
        "Responde: este endereço IP é meu, e este é o meu endereço Ethernet."
        "It answers: this IP address is mine, and this is my Ethernet address."
    CauseMembership { }
        "Entra em um grupo multicast, ou sai dele."
        "It joins or leaves a multicast group."
    CauseForwarded { }
        "O roteador passa o pacote adiante, com TTL um a menos."
        "The router forwards the packet with its TTL one less."
    LostWhy { why: String }
        "{why}"
        "{why}"
    ListenBegins { host: String, at: String }
        "{host} passa a escutar em {at} (LISTEN)."
        "{host} begins to listen at {at} (LISTEN)."
    ListenEnds { host: String, at: String }
        "{host} não escuta mais em {at}: LISTEN → CLOSED."
        "{host} listens at {at} no more: LISTEN → CLOSED."
    ListenEndsWhy { }
        "O socket que escutava foi fechado."
        "The listening socket was closed."
    StateWent { host: String, peer: String, from: String, to: String }
        "A conexão de {host} com {peer} passa de {from} a {to}."
        "{host}'s connection with {peer} goes from {from} to {to}."
    SentAgain { host: String, bytes: u32, times: u32, rto_ms: u64 }
        "{host} envia de novo um segmento (números de sequência: {bytes}; tentativa {times}); sem ACK, a próxima espera é de {rto_ms} ms."
        "{host} sends a segment again (sequence numbers: {bytes}; attempt {times}); without an ACK the next wait is {rto_ms} ms."
    DuplicateAck { host: String, count: u32 }
        "{host} recebe um ACK repetido (segmentos que chegaram depois da lacuna: {count})."
        "{host} receives a duplicate ACK (segments that arrived behind the gap: {count})."
    DuplicateAckWhy { }
        "O outro lado recebeu algo fora de ordem: ou um segmento se perdeu, ou se atrasou."
        "The other side received something out of order: a segment is lost or late."
    RecoveryBegins { host: String, ssthresh: u32 }
        "{host} entra em recuperação rápida: um segmento é dado por perdido; o limiar desce a {ssthresh} segmentos."
        "{host} enters fast recovery: a segment is taken for lost; the threshold falls to {ssthresh} segments."
    RecoveryBeginsWhy { }
        "O que foi enviado depois já chegou (SACK), então não é preciso esperar o temporizador."
        "What was sent later has arrived (SACK), so there is no need to wait for the timer."
    RecoveryEnds { host: String, cwnd: u32 }
        "{host} sai da recuperação; a janela de congestionamento (cwnd), em segmentos: {cwnd}."
        "{host} leaves recovery; the congestion window (cwnd), in segments: {cwnd}."
    RecoveryEndsWhy { }
        "Tudo o que estava em trânsito quando ela começou foi confirmado."
        "Everything that was in flight when it began has been acknowledged."
    LossBegins { host: String, ssthresh: u32 }
        "{host} recomeça com janela de um segmento; o limiar desce a {ssthresh} segmentos."
        "{host} starts again with a window of one segment; the threshold falls to {ssthresh} segments."
    LossBeginsWhy { }
        "O temporizador de retransmissão venceu: nada do que se sabia da rede vale mais."
        "The retransmission timer ran out: nothing that was known of the network holds any more."
    Undone { host: String, cwnd: u32, ssthresh: u32 }
        "{host} desfaz a redução: a janela volta a {cwnd} segmentos, o limiar a {ssthresh}."
        "{host} takes the reduction back: the window is {cwnd} segments again, the threshold {ssthresh}."
    UndoneWhy { }
        "A retransmissão era desnecessária: o original havia chegado."
        "The retransmission was needless: the original had arrived."
    ProbeRepaired { host: String, cwnd: u32 }
        "A sonda de {host} consertou uma perda; a janela desce a {cwnd} segmentos."
        "{host}'s probe repaired a loss; the window falls to {cwnd} segments."
    ProbeRepairedWhy { }
        "Uma perda, mesmo a do último segmento, é sinal de congestionamento."
        "A loss, even that of the last segment, is a sign of congestion."
    ZeroWindow { host: String }
        "{host} não pode enviar: a janela do outro lado está fechada."
        "{host} cannot send: the other side's window is closed."
    ZeroWindowWhy { }
        "O programa do outro lado não lê, e o buffer dele está cheio. Um temporizador vai sondar."
        "The program on the other side does not read, and its buffer is full. A timer will probe."
    WindowOpened { host: String, snd_wnd: u32 }
        "{host} pode enviar de novo: a janela do outro lado é de {snd_wnd} bytes."
        "{host} can send again: the other side's window is {snd_wnd} bytes."
    KeptOutOfOrder { host: String, bytes: u32, missing: u32 }
        "{host} guarda {bytes} bytes que chegaram antes dos {missing} que faltam."
        "{host} keeps {bytes} bytes that arrived before the {missing} that are missing."
    KeptOutOfOrderWhy { }
        "O programa só os lê quando a lacuna for preenchida; o ACK repetido diz o que falta."
        "The program reads them only when the gap is filled; the duplicate ACK says what is missing."
    ListenOverflow { host: String, queued: u32, backlog: u32 }
        "{host} descarta a conexão que chega: na fila de accept() já há {queued}, e o backlog é {backlog}."
        "{host} drops the arriving connection: accept()'s queue has {queued} already, and the backlog is {backlog}."
    ListenOverflowWhy { }
        "Cabe uma a mais que o backlog; o cliente tentará de novo."
        "One more than the backlog fits; the client will try again."
    SegmentIgnored { host: String }
        "O segmento não tem efeito em {host}."
        "The segment has no effect on {host}."
    IgnoredOld { }
        "É anterior à janela: já havia chegado."
        "It lies before the window: it had arrived already."
    IgnoredBeyond { }
        "Está além da janela que foi anunciada."
        "It lies beyond the window that was announced."
    IgnoredPaws { }
        "Seu carimbo de tempo é mais velho que o último (PAWS)."
        "Its timestamp is older than the last one (PAWS)."
    IgnoredNoAck { }
        "Falta o bit ACK."
        "The ACK bit is missing."
    IgnoredBadAck { }
        "Confirma o que nunca foi enviado, ou algo velho demais."
        "It acknowledges what was never sent, or something far too old."
    IgnoredReset { }
        "Um RST vale só com o número exato; a resposta é um ACK de desafio, para que um RST forjado não baste."
        "A RST counts only with the exact number; the answer is a challenge ACK, so that a forged RST is not enough."
    IgnoredOtherReset { }
        "O RST não confirma o SYN deste lado."
        "The RST does not acknowledge this side's SYN."
    IgnoredSyn { }
        "Um SYN numa conexão estabelecida é respondido com um ACK de desafio."
        "A SYN in an established connection is answered with a challenge ACK."
    IgnoredFull { }
        "O buffer de recepção está cheio."
        "The receive buffer is full."
    IgnoredZero { }
        "A janela anunciada era zero."
        "The announced window was zero."
    RtoFired { host: String }
        "O temporizador de retransmissão de {host} venceu: nenhum ACK veio a tempo."
        "{host}'s retransmission timer ran out: no ACK came in time."
    ProbeFired { host: String }
        "{host} sonda o fim da transmissão: se só o último segmento se perdeu, nenhum ACK repetido o diria."
        "{host} probes the end of the transmission: had only the last segment been lost, no duplicate ACK would say so."
    ReorderFired { host: String }
        "{host} esperou o bastante por segmentos atrasados."
        "{host} has waited long enough for segments that are late."
    PersistFired { host: String }
        "{host} sonda a janela fechada: a notícia de que ela abriu pode ter se perdido."
        "{host} probes the closed window: the news that it opened may be lost."
    DelayedAckFired { host: String }
        "{host} não espera mais por dados que levassem o ACK."
        "{host} waits no longer for data that could carry the ACK."
    KeepAliveFired { host: String }
        "A conexão de {host} está parada há muito: ele pergunta se o outro lado ainda existe."
        "{host}'s connection has been idle for long: it asks whether the other side still exists."
    FinWait2Fired { host: String }
        "{host} não espera mais pelo FIN do outro lado."
        "{host} waits no longer for the other side's FIN."
    TimeWaitFired { host: String }
        "TIME-WAIT terminou em {host}: segmentos velhos já não podem aparecer, e o par de portas está livre."
        "TIME-WAIT is over on {host}: old segments can no longer appear, and the pair of ports is free."
    WhyListen { }
        "listen() foi chamado."
        "listen() was called."
    WhyConnect { }
        "connect() foi chamado e o SYN parte."
        "connect() was called and the SYN leaves."
    WhyClose { }
        "close() ou shutdown() foi chamado e o FIN parte."
        "close() or shutdown() was called and the FIN leaves."
    WhyAbort { }
        "O programa fechou com dados não lidos (ou SO_LINGER 0): parte um RST em vez do FIN."
        "The program closed with data unread (or SO_LINGER 0): a RST leaves instead of a FIN."
    WhySyn { }
        "Chegou um SYN."
        "A SYN arrived."
    WhySynAcked { }
        "Chegou o ACK do SYN deste lado."
        "The ACK of this side's SYN arrived."
    WhyFin { }
        "Chegou o FIN: o outro lado não envia mais nada."
        "The FIN arrived: the peer sends nothing more."
    WhyFinAcked { }
        "Chegou o ACK do FIN deste lado."
        "The ACK of this side's FIN arrived."
    WhyReset { }
        "Chegou um RST."
        "A RST arrived."
    WhyResetSent { }
        "Este lado enviou um RST."
        "This side sent a RST."
    WhyTimedOut { }
        "O outro lado não respondeu a retransmissões ou sondas."
        "The peer did not answer retransmissions or probes."
    WhyWaitOver { }
        "O tempo de espera (2 MSL) acabou."
        "The waiting time (2 MSL) is over."
    WhyIcmp { }
        "Um ICMP diz que o destino não pode ser alcançado."
        "An ICMP message says that the destination cannot be reached."
    Wrote { who: String, text: String }
        "{who} escreveu no terminal: {text}"
        "{who} wrote to the terminal: {text}"
    Typed { text: String }
        "Foi digitado: {text}"
        "Typed: {text}"
    SignalSent { who: String, signal: String }
        "{signal} está pendente para {who}."
        "{signal} is pending for {who}."
    SignalOfChild { }
        "O kernel o envia ao pai quando um filho termina ou para."
        "The kernel sends it to the parent when a child ends or stops."
    SignalOfTimer { }
        "O tempo marcado com alarm() ou setitimer() acabou."
        "The time set with alarm() or setitimer() is over."
    SignalByKernel { }
        "Quem o enviou foi o kernel."
        "The kernel sent it."
    SignalByProcess { pid: i32 }
        "O processo {pid} o enviou com kill()."
        "Process {pid} sent it with kill()."
    SignalByTerminal { }
        "Veio do terminal (Ctrl+C)."
        "It came from the terminal (Ctrl+C)."
    SignalByPerson { }
        "Você o enviou."
        "You sent it."
    SignalIgnored { who: String, signal: String }
        "{who} ignora {signal}."
        "{who} ignores {signal}."
    SignalHandled { who: String, signal: String }
        "{who} interrompe o que fazia e executa o tratador de {signal}."
        "{who} interrupts what it did and runs its handler of {signal}."
    SignalKilled { who: String, signal: String }
        "{signal} termina {who}."
        "{signal} ends {who}."
    SignalStopped { who: String, signal: String }
        "{signal} faz {who} parar."
        "{signal} makes {who} stop."
    SignalContinued { who: String }
        "{who} volta a rodar (SIGCONT)."
        "{who} runs again (SIGCONT)."
    SigpipeWhy { }
        "Escreveu em uma conexão ou pipe que ninguém mais lê. Com MSG_NOSIGNAL, ou SIGPIPE ignorado, seria só EPIPE."
        "It wrote to a connection or pipe that nobody reads any more. With MSG_NOSIGNAL, or SIGPIPE ignored, it would be EPIPE only."
    Exited { who: String, status: i32 }
        "{who} terminou com status {status}."
        "{who} ended with status {status}."
    ExitedBySignal { who: String, signal: String }
        "{who} foi terminado por {signal}."
        "{who} was ended by {signal}."
    ExitedWhy { }
        "O kernel fecha todos os seus descritores; conexões recebem FIN (ou RST se há dados não lidos)."
        "The kernel closes all of its descriptors; connections get a FIN (or a RST if data are unread)."
    Reaped { who: String }
        "O pai leu o status de {who}: o zumbi se foi."
        "The parent has read {who}'s status: the zombie is gone."
    Faulted { who: String, line: u32, text: String }
        "{who} foi parado na linha {line}: {text}"
        "{who} was stopped in line {line}: {text}"
    Raced { who: String, line: u32, text: String }
        "{who}, linha {line}: {text}. O programa continua, e o resultado depende de quem chega primeiro."
        "{who}, line {line}: {text}. The program goes on, and the result depends on who comes first."
    YouActed { text: String }
        "Intervenção: {text}"
        "Intervention: {text}"
    NotSimulated { name: String }
        "O simulador não tem {name}."
        "The simulator does not have {name}."
    ErrnoCause { text: String }
        "{text}"
        "{text}"
    /// A sentence of a table, in the language that was asked for.
    Said { text: String }
        "{text}"
        "{text}"
    Winsock { code: i32, name: String }
        "No Windows: {name} ({code})."
        "On Windows: {name} ({code})."
}

/// What a record means; `None` for records that need no words.
pub fn explain(record: &Record, names: &Names, lang: Lang) -> Option<Explanation> {
    let mut explanation = bare(record, names, lang)?;
    if let Some((why, otherwise, written)) = calls::record(&record.what) {
        explanation.why.get_or_insert_with(|| said(why, lang));
        explanation.otherwise.get_or_insert_with(|| said(otherwise, lang));
        if explanation.written.is_empty() {
            explanation.written.push(written);
        }
    }
    Some(explanation)
}

/// One of two texts, pt-BR and English.
fn said([pt, en]: [&str; 2], lang: Lang) -> Message {
    let text = match lang {
        Lang::PtBr => pt,
        Lang::En => en,
    };
    Message::Said { text: text.to_owned() }
}

/// What has sentences with values of its own.
fn bare(record: &Record, names: &Names, lang: Lang) -> Option<Explanation> {
    let who = names.process(record.host, record.pid);
    let host = names.host(record.host);
    Some(match &record.what {
        What::ProcessStart { parent: None, .. } => plain(Message::Started { who }),
        What::ProcessStart { parent: Some(parent), .. } => Explanation {
            why: Some(Message::ForkWhy {}),
            otherwise: Some(Message::ForkOtherwise {}),
            written: vec![Reference::Man("fork", 2)],
            ..plain(Message::Forked { who, parent: parent.0 })
        },
        What::Exec { .. } => Explanation {
            why: calls::meaning("execve").map(|(why, _)| said(why, lang)),
            otherwise: calls::meaning("execve").map(|(_, otherwise)| said(otherwise, lang)),
            written: vec![Reference::Man("execve", 2)],
            ..plain(Message::Execed { who })
        },
        What::ThreadStart { .. } => Explanation {
            written: vec![Reference::Man("pthreads", 7)],
            ..plain(Message::ThreadStarted { who })
        },
        What::ThreadEnd => plain(Message::ThreadEnded { who }),
        What::Burst { instructions, statements: 1, .. } => {
            plain(Message::ComputedOne { who, instructions: *instructions })
        }
        What::Burst { instructions, statements, .. } => {
            plain(Message::Computed { who, statements: *statements, instructions: *instructions })
        }
        What::CallStart { syscall, .. } => {
            let call = spoken(syscall).to_owned();
            let known = calls::meaning(strace::name(syscall));
            Explanation {
                what: Message::Asked { who, call },
                why: Some(Message::AskedWhy {}),
                otherwise: Some(said(known.map_or(UNTESTED, |(_, otherwise)| otherwise), lang)),
                written: pages(syscall),
            }
        }
        What::CallBlocked { on, call } => {
            let syscall = names.objects.call(*call);
            blocked(on, syscall, who, lang, |fd| names.objects.behind(record, fd))
        }
        What::CallEnd { syscall, reply, started_ns, blocked, call } => {
            let ended = Ended {
                call: syscall,
                reply,
                slept_ns: blocked.then(|| record.t_ns - started_ns),
                line: names.objects.line(*call),
            };
            answered(&ended, who, lang, |fd| names.objects.behind(record, fd))
        }
        What::PacketSent { frame, from, to, fate, reason, .. } => {
            sent(frame, &names.host(*from), &names.host(*to), fate, *reason, lang)
        }
        What::PacketArrived { packet } => {
            let sent = names.objects.packet(*packet)?;
            arrived(sent, record.t_ns, host, names, lang)
        }
        What::PacketDropped { why, packet } => Explanation {
            why: Some(Message::LostWhy { why: drop_text(why, lang).to_owned() }),
            otherwise: Some(said(network::dropped(why), lang)),
            ..plain(Message::PacketThrown { host, label: label_of(*packet, names) })
        },
        What::SocketState { local, from, to, why, .. }
            if [*from, *to].contains(&State::Listen) && *to != State::SynReceived =>
        {
            let at = local.to_string();
            let begins = *to == State::Listen;
            Explanation {
                what: match begins {
                    true => Message::ListenBegins { host, at },
                    false => Message::ListenEnds { host, at },
                },
                why: Some(if begins { state_why(*why) } else { Message::ListenEndsWhy {} }),
                otherwise: Some(said(network::state(*to), lang)),
                written: vec![Reference::Rfc(9293, "3.3.2"), Reference::Man("listen", 2)],
            }
        }
        What::SocketState { peer, from, to, why, .. } => {
            let what = Message::StateWent {
                host,
                peer: peer.to_string(),
                from: from.to_string(),
                to: to.to_string(),
            };
            Explanation {
                what,
                why: Some(state_why(*why)),
                otherwise: Some(said(network::state(*to), lang)),
                written: vec![Reference::Rfc(9293, "3.3.2"), Reference::Man("tcp", 7)],
            }
        }
        What::Tcp { event, .. } => return tcp::explain(event, host, lang),
        What::Output { bytes, .. } => {
            plain(Message::Wrote { who, text: strace::quoted(&bytes.0, 60) })
        }
        What::Input { bytes } => plain(Message::Typed { text: strace::quoted(&bytes.0, 60) }),
        What::SignalSent { signal, by, .. } => Explanation {
            why: Some(match by {
                SignalBy::Kernel if *signal == consts::SIGPIPE => Message::SigpipeWhy {},
                SignalBy::Kernel if *signal == consts::SIGCHLD => Message::SignalOfChild {},
                SignalBy::Kernel if *signal == consts::SIGALRM => Message::SignalOfTimer {},
                SignalBy::Kernel => Message::SignalByKernel {},
                SignalBy::Process(pid) => Message::SignalByProcess { pid: pid.0 },
                SignalBy::Terminal => Message::SignalByTerminal {},
                SignalBy::Person => Message::SignalByPerson {},
            }),
            written: vec![Reference::Man("signal", 7)],
            ..plain(Message::SignalSent { who, signal: signal_name(*signal) })
        },
        What::Signal { signal, effect } => {
            let signal = signal_name(*signal);
            let what = match effect {
                SignalEffect::Ignored => Message::SignalIgnored { who, signal },
                SignalEffect::Handled => Message::SignalHandled { who, signal },
                SignalEffect::Killed => Message::SignalKilled { who, signal },
                SignalEffect::Stopped => Message::SignalStopped { who, signal },
                SignalEffect::Continued => Message::SignalContinued { who },
            };
            Explanation { written: vec![Reference::Man("signal", 7)], ..plain(what) }
        }
        What::ProcessExit { status } => Explanation {
            why: Some(Message::ExitedWhy {}),
            written: vec![Reference::Man("exit_group", 2), Reference::Man("wait", 2)],
            ..plain(match status & 0x7f {
                0 => Message::Exited { who, status: (status >> 8) & 0xff },
                signal => Message::ExitedBySignal { who, signal: signal_name(signal) },
            })
        },
        What::Reaped { .. } => Explanation {
            written: vec![Reference::Man("wait", 2)],
            ..plain(Message::Reaped { who })
        },
        What::Fault { fault, line } => {
            plain(Message::Faulted { who, line: line.unwrap_or(0), text: fault.text(lang) })
        }
        What::Race { race, line } => Explanation {
            written: vec![Reference::Man("pthreads", 7)],
            ..plain(Message::Raced { who, line: line.unwrap_or(0), text: race.text(lang) })
        },
        What::Acted { action } => {
            plain(Message::YouActed { text: action_text(action, names, lang) })
        }
        What::Unsupported { name } => plain(Message::NotSimulated { name: name.clone() }),
    })
}

/// What a packet is called; its number if it was never seen to be sent.
fn label_of(packet: PacketId, names: &Names) -> String {
    let sent = names.objects.packet(packet);
    sent.map_or_else(|| format!("#{packet}"), |sent| packet_label(&sent.frame))
}

fn plain(what: Message) -> Explanation {
    Explanation { what, why: None, otherwise: None, written: Vec::new() }
}

fn signal_name(signal: i32) -> String {
    consts::name(consts::table::SIG, signal).map_or_else(|| signal.to_string(), str::to_owned)
}

/// The manual's pages about a call.
/// The C function that people call for a system call: `send` for `sendto` without an address.
pub fn spoken(call: &Syscall) -> &'static str {
    match call {
        Syscall::Sendto { addr, .. } if addr.addr.is_null() => "send",
        Syscall::Recvfrom { addr, .. } if addr.addr.at == 0 => "recv",
        Syscall::Stat { .. } => "stat",
        Syscall::Fstat { .. } => "fstat",
        Syscall::Openat { .. } => "open",
        Syscall::Mkfifo { .. } => "mkfifo",
        Syscall::Pipe2 { .. } => "pipe",
        Syscall::Select { .. } => "select",
        Syscall::Fork => "fork",
        Syscall::ThreadCreate { .. } => "pthread_create",
        Syscall::ThreadExit { .. } => "pthread_exit",
        Syscall::Wait4 { .. } => "waitpid",
        Syscall::ExitGroup { .. } => "exit",
        Syscall::RtSigaction { .. } => "sigaction",
        Syscall::RtSigprocmask { .. } => "sigprocmask",
        Syscall::Sigsuspend { .. } => "sigsuspend",
        Syscall::ClockNanosleep { .. } => "sleep",
        Syscall::Semop { timeout, .. } if timeout.is_null() => "semop",
        Syscall::Lstat { .. } => "lstat",
        Syscall::MqSend { .. } => "mq_send",
        Syscall::MqReceive { .. } => "mq_receive",
        other => strace::name(other),
    }
}

fn pages(call: &Syscall) -> Vec<Reference> {
    let page = match call {
        Syscall::Openat { .. } => "open",
        Syscall::Stat { .. } | Syscall::Fstat { .. } | Syscall::Lstat { .. } => "stat",
        Syscall::Lchown { .. } | Syscall::Fchown { .. } => "chown",
        Syscall::Fchmod { .. } => "chmod",
        Syscall::Fchdir { .. } => "chdir",
        Syscall::Getresgid => "getresuid",
        Syscall::Setresgid { .. } => "setresuid",
        Syscall::Setregid { .. } => "setreuid",
        Syscall::Setpriority { .. } => "getpriority",
        Syscall::MqNotify { .. } => return vec![Reference::Man("mq_notify", 3)],
        Syscall::Wait4 { .. } => "wait",
        Syscall::ExitGroup { .. } => "exit_group",
        Syscall::Sendto { .. } | Syscall::Sendmsg { .. } => "send",
        Syscall::Recvfrom { .. } | Syscall::Recvmsg { .. } => "recv",
        Syscall::Accept { .. } | Syscall::Accept4 { .. } => "accept",
        Syscall::Getaddrinfo { .. } => return vec![Reference::Man("getaddrinfo", 3)],
        Syscall::Getnameinfo { .. } => return vec![Reference::Man("getnameinfo", 3)],
        Syscall::Getifaddrs => return vec![Reference::Man("getifaddrs", 3)],
        Syscall::IoctlIf { .. } => return vec![Reference::Man("netdevice", 7)],
        Syscall::RtSigaction { .. } => "sigaction",
        Syscall::RtSigprocmask { .. } => "sigprocmask",
        Syscall::ClockNanosleep { .. } => "clock_nanosleep",
        Syscall::ThreadCreate { .. } => return vec![Reference::Man("pthread_create", 3)],
        Syscall::ThreadJoin { .. } => return vec![Reference::Man("pthread_join", 3)],
        Syscall::FutexWait { .. } | Syscall::FutexWake { .. } => "futex",
        Syscall::Fork => "fork",
        Syscall::Pipe2 { .. } => "pipe",
        Syscall::Select { .. } | Syscall::Pselect { .. } => "select",
        Syscall::Ppoll { .. } => "poll",
        Syscall::EpollPwait { .. } => "epoll_wait",
        Syscall::EpollCreate1 { .. } => "epoll_create",
        Syscall::Semop { .. } => "semop",
        Syscall::SemctlSetall { .. } => "semctl",
        Syscall::Eventfd2 { .. } => "eventfd",
        Syscall::Signalfd4 { .. } => "signalfd",
        Syscall::Sigsuspend { .. } => "sigsuspend",
        Syscall::RtSigpending => "sigpending",
        Syscall::RtSigtimedwait { .. } => "sigtimedwait",
        Syscall::Getrlimit { .. } | Syscall::Setrlimit { .. } => "getrlimit",
        Syscall::Pread64 { .. } | Syscall::Pwrite64 { .. } => "pread",
        Syscall::Getdents64 { .. } => "getdents",
        Syscall::Mkfifo { .. } => return vec![Reference::Man("mkfifo", 3)],
        Syscall::RtSigqueueinfo { .. } => return vec![Reference::Man("sigqueue", 3)],
        Syscall::ThreadExit { .. } => return vec![Reference::Man("pthread_exit", 3)],
        Syscall::ThreadDetach { .. } => return vec![Reference::Man("pthread_detach", 3)],
        Syscall::MqOpen { .. } => return vec![Reference::Man("mq_open", 3)],
        Syscall::MqSend { .. } => return vec![Reference::Man("mq_send", 3)],
        Syscall::MqReceive { .. } => return vec![Reference::Man("mq_receive", 3)],
        Syscall::MqGetsetattr { .. } => return vec![Reference::Man("mq_getattr", 3)],
        Syscall::MqUnlink { .. } => return vec![Reference::Man("mq_unlink", 3)],
        Syscall::WsaStartup { .. } | Syscall::WsaCleanup | Syscall::Closesocket { .. } => {
            return vec![Reference::Winsock(strace::name(call))];
        }
        other => strace::name(other),
    };
    vec![Reference::Man(page, 2)]
}

fn blocked(
    on: &WaitFor,
    call: Option<&Syscall>,
    who: String,
    lang: Lang,
    behind: impl Fn(Fd) -> Option<Object>,
) -> Explanation {
    let unix = |fd: &Fd| {
        use Object as O;
        matches!(behind(*fd), Some(O::UnixStream | O::UnixListener | O::UnixDatagram))
    };
    let (reason, ends) = (&on.reason, on.deadline_ns.is_some());
    let (name, why) = match reason {
        Reason::Connection(fd) if unix(fd) => ("accept", Message::WaitUnixConnection {}),
        Reason::Connection(_) => ("accept", Message::WaitConnection {}),
        Reason::Handshake(fd) if unix(fd) => ("connect", Message::WaitUnixAccept {}),
        Reason::Handshake(_) => ("connect", Message::WaitHandshake {}),
        Reason::Data(fd) => ("recv", wait_data(behind(*fd))),
        Reason::Room(fd) => ("send", wait_room(behind(*fd))),
        Reason::Linger => ("close", Message::WaitLinger {}),
        Reason::Ready(fds) if fds.is_empty() => ("poll", Message::WaitReadyNone {}),
        Reason::Ready(fds) => {
            let fds: Vec<String> = fds.iter().map(Fd::to_string).collect();
            ("poll", Message::WaitReady { fds: fds.join(", ") })
        }
        Reason::Child => ("wait", Message::WaitChild {}),
        Reason::Time => ("sleep", Message::WaitTime {}),
        Reason::Signal => ("pause", Message::WaitSignal {}),
        Reason::Futex(_) => ("pthread_mutex_lock", Message::WaitLock {}),
        Reason::Thread(tid) => ("pthread_join", Message::WaitThread { tid: tid.0 }),
        Reason::Semaphore(_) => ("semop", Message::WaitSemaphore {}),
        Reason::Queue(_) => ("mq_send", Message::WaitQueue {}),
        Reason::Mailbox(_) => ("msgrcv", Message::WaitQueue {}),
        Reason::FileLock(_) => ("fcntl", Message::WaitFileLock {}),
        Reason::OtherEnd => ("open", Message::WaitOtherEnd {}),
    };
    // The call that was made is the better name; a mutex's is not the kernel's.
    let made = call.filter(|call| !matches!(call, Syscall::FutexWait { .. }));
    let name = made.map_or(name, |call| spoken(call)).to_owned();
    Explanation {
        what: Message::Slept { who, call: name },
        why: Some(why),
        otherwise: Some(said(instead_of_waiting(reason, ends), lang)),
        written: call.map(pages).unwrap_or_default(),
    }
}

fn wait_data(object: Option<Object>) -> Message {
    match object {
        Some(Object::Pipe) => Message::WaitPipe {},
        Some(Object::Terminal) => Message::WaitTyping {},
        Some(Object::Udp | Object::Raw) => Message::WaitDatagram {},
        Some(Object::UnixStream | Object::UnixDatagram) => Message::WaitQueued {},
        _ => Message::WaitData {},
    }
}

fn wait_room(object: Option<Object>) -> Message {
    match object {
        Some(Object::Tcp) | None => Message::WaitRoom {},
        Some(_) => Message::WaitReader {},
    }
}

/// What would end the wait early, or make the call not wait at all.
#[rustfmt::skip]
fn instead_of_waiting(reason: &Reason, ends: bool) -> [&'static str; 2] {
    match reason {
        Reason::Ready(_) | Reason::Futex(_) | Reason::Signal if ends => ["Se nada acontecer, a chamada retorna quando o tempo pedido acabar.", "If nothing happens the call returns when the time asked for is over."],
        Reason::Connection(_) | Reason::Data(_) | Reason::Room(_) => ["Com O_NONBLOCK a chamada devolveria EAGAIN em vez de dormir.", "With O_NONBLOCK the call would return EAGAIN instead of sleeping."],
        Reason::Handshake(_) => ["Com O_NONBLOCK connect() devolveria EINPROGRESS, e poll() diria quando terminou.", "With O_NONBLOCK connect() would return EINPROGRESS, and poll() would tell when it is done."],
        Reason::Linger => ["Sem SO_LINGER close() retornaria logo e o kernel terminaria de enviar sozinho.", "Without SO_LINGER close() would return at once and the kernel would go on sending by itself."],
        Reason::Ready(_) => ["Com um tempo limite a chamada devolveria 0 ao fim dele; com 0, na hora.", "With a timeout the call would return 0 at its end; with 0, at once."],
        Reason::Child => ["Com WNOHANG a chamada devolveria 0 em vez de dormir.", "With WNOHANG the call would return 0 instead of sleeping."],
        Reason::Time => ["Um sinal com tratador o acordaria antes, com EINTR.", "A signal with a handler would wake it earlier, with EINTR."],
        Reason::Signal => ["Se nenhum sinal vier, dorme para sempre.", "If no signal comes it sleeps for ever."],
        Reason::Futex(_) => ["Se quem tem o mutex nunca o soltar, ou ninguém sinalizar, dorme para sempre.", "If whoever has the mutex never lets go, or nobody signals, it sleeps for ever."],
        Reason::Thread(_) => ["Com pthread_detach() ninguém precisaria esperar por ela.", "With pthread_detach() nobody would need to wait for it."],
        Reason::Semaphore(_) | Reason::Mailbox(_) => ["Com IPC_NOWAIT a chamada falharia em vez de dormir.", "With IPC_NOWAIT the call would fail instead of sleeping."],
        Reason::Queue(_) => ["Com O_NONBLOCK em mq_open() a chamada devolveria EAGAIN.", "With O_NONBLOCK in mq_open() the call would return EAGAIN."],
        Reason::FileLock(_) => ["Com F_SETLK (ou LOCK_NB) a chamada devolveria EAGAIN em vez de dormir.", "With F_SETLK (or LOCK_NB) the call would return EAGAIN instead of sleeping."],
        Reason::OtherEnd => ["Com O_NONBLOCK a ponta de leitura abriria na hora, e a de escrita daria ENXIO.", "With O_NONBLOCK the reading end would open at once, and the writing end would give ENXIO."],
    }
}

/// A call that was answered.
struct Ended<'a> {
    call: &'a Syscall,
    reply: &'a Reply,
    slept_ns: Option<u64>,
    line: Option<u32>,
}

fn answered(
    ended: &Ended<'_>,
    who: String,
    lang: Lang,
    behind: impl Fn(Fd) -> Option<Object>,
) -> Explanation {
    let call = ended.call;
    let name = spoken(call).to_owned();
    let ret = match ended.reply.ret {
        Ok(ret) => ret,
        Err(errno) => {
            let object = objects::descriptor(call).and_then(behind);
            return failed(ended, errno, object, who, lang);
        }
    };
    let text = match call {
        Syscall::Mmap { .. } | Syscall::Shmat { .. } => format!("{ret:#x}"),
        _ => ret.to_string(),
    };
    let what = match ended.slept_ns {
        Some(ns) => Message::AnsweredLate { who, call: name, ret: text, slept: rounded(ns) },
        None => Message::Answered { who, call: name, ret: text },
    };
    let bytes = if ret == 1 { "1 byte".to_owned() } else { format!("{ret} bytes") };
    let value = |[pt, en]: [&str; 2]| {
        let text = if lang == Lang::PtBr { pt } else { en };
        Message::Said { text: text.replace("{bytes}", &bytes).replace("{n}", &ret.to_string()) }
    };
    let by_name = calls::meaning(strace::name(call));
    let by_use = results::of(call, ret, behind).or(by_name);
    let why = success(call, ret).or_else(|| by_use.map(|(why, _)| value(why)));
    let otherwise = by_use.map(|(_, otherwise)| value(otherwise));
    Explanation { what, why, otherwise, written: pages(call) }
}

/// An error: its usual cause with what to change, Winsock's name, and the line of the call.
fn failed(
    ended: &Ended<'_>,
    errno: Errno,
    object: Option<Object>,
    who: String,
    lang: Lang,
) -> Explanation {
    let call = ended.call;
    let name = spoken(call).to_owned();
    let (errno_name, message) = match errno == WSANOTINITIALISED {
        true => ("WSANOTINITIALISED".to_owned(), "10093".to_owned()),
        false => (errno.name().to_owned(), errno.message()),
    };
    let what = match ended.line {
        Some(line) => Message::FailedAt { who, call: name, line, errno: errno_name, message },
        None => Message::Failed { who, call: name, errno: errno_name, message },
    };
    let own = object.and_then(|object| results::cause(errno, call, object));
    let why = match own {
        _ if errno == WSANOTINITIALISED => said(NOT_INITIALISED, lang),
        Some(pair) => said(pair, lang),
        None => Message::ErrnoCause { text: errno_cause(errno, call, lang).to_owned() },
    };
    let winsock = errno.wsa().filter(|_| has_winsock_twin(call));
    let winsock = winsock.map(|(code, name)| Message::Winsock { code, name: name.to_owned() });
    let mut written = pages(call);
    written.push(Reference::Man("errno", 3));
    Explanation { what, why: Some(why), otherwise: winsock.or(Some(said(UNTESTED, lang))), written }
}

/// Winsock's error that has no counterpart elsewhere.
const WSANOTINITIALISED: Errno = Errno(10093);
const NOT_INITIALISED: [&str; 2] = [
    "Falta WSAStartup() antes da primeira chamada de socket (ou WSACleanup() veio cedo demais).",
    "WSAStartup() is missing before the first socket call (or WSACleanup() came too early).",
];
const UNTESTED: [&str; 2] = [
    "Sem testar o retorno, o programa continuaria como se tivesse dado certo.",
    "Without testing what is returned the program would go on as if all were well.",
];

/// Whether Windows has the call too, so that its error has a name there.
fn has_winsock_twin(call: &Syscall) -> bool {
    let file = matches!(
        call,
        Syscall::Read { .. }
            | Syscall::Write { .. }
            | Syscall::Readv { .. }
            | Syscall::Writev { .. }
            | Syscall::Close { .. }
    );
    !file && (objects::descriptor(call).is_some() || is_about_sockets(call))
}

fn is_about_sockets(call: &Syscall) -> bool {
    matches!(
        call,
        Syscall::Socket { .. }
            | Syscall::Getsockname { .. }
            | Syscall::Getpeername { .. }
            | Syscall::Setsockopt { .. }
            | Syscall::Getsockopt { .. }
            | Syscall::Poll { .. }
            | Syscall::Select { .. }
    )
}

/// What has more values in it than the one returned.
fn success(call: &Syscall, ret: i64) -> Option<Message> {
    match call {
        Syscall::Sendto { buf, .. } | Syscall::Write { buf, .. } if (ret as u64) < buf.len => {
            Some(Message::SendPartial { n: ret, wanted: buf.len })
        }
        Syscall::Fork if ret > 0 => Some(Message::ForkMade { pid: ret }),
        Syscall::Wait4 { .. } if ret > 0 => Some(Message::WaitMade { pid: ret }),
        Syscall::Poll { .. }
        | Syscall::Ppoll { .. }
        | Syscall::Select { .. }
        | Syscall::Pselect { .. }
        | Syscall::EpollWait { .. }
        | Syscall::EpollPwait { .. } => Some(match ret {
            0 => Message::PollTimeout {},
            n => Message::PollMade { n },
        }),
        _ => None,
    }
}

/// A frame that reaches a host: what it leads to, and what would be without it.
fn arrived(sent: &Sent, now_ns: u64, host: String, names: &Names, lang: Lang) -> Explanation {
    let (why, otherwise) = network::arrived(sent.reason);
    let why = network::altered(&sent.fate).unwrap_or(why);
    let label = packet_label(&sent.frame);
    let from = names.host(sent.from);
    Explanation {
        what: match from == host {
            true => Message::PacketLooped { label, host },
            false => {
                let time = rounded(now_ns.saturating_sub(sent.departs_ns));
                Message::PacketCame { label, host, from, time }
            }
        },
        why: Some(said(why, lang)),
        otherwise: Some(said(otherwise, lang)),
        written: written_about(sent.reason),
    }
}

fn sent(frame: &[u8], from: &str, to: &str, fate: &Fate, reason: Cause, lang: Lang) -> Explanation {
    let label = packet_label(frame);
    let (from, to) = (from.to_owned(), to.to_owned());
    let written = written_about(reason);
    let lost = fate_text(fate, lang);
    match lost {
        Some(why) => Explanation {
            what: Message::PacketLost { from, to, label },
            why: Some(Message::LostWhy { why: why.to_owned() }),
            otherwise: Some(said(network::lost(reason), lang)),
            written,
        },
        None => Explanation {
            what: Message::PacketLeft { from, to, label },
            why: Some(match reason {
                Cause::Neighbour if answers(frame) => Message::CauseNeighbourAnswer {},
                other => cause_text(other),
            }),
            otherwise: Some(said(network::without(reason), lang)),
            written,
        },
    }
}

/// Whether a frame answers who has an address: ARP's reply (RFC 826), or a neighbour advertisement
/// (RFC 4861).
fn answers(frame: &[u8]) -> bool {
    match frame.get(12..14) {
        Some([0x08, 0x06]) => frame.get(20..22) == Some(&[0, 2]),
        Some([0x86, 0xdd]) => frame.get(54) == Some(&136),
        _ => false,
    }
}

/// Where it is written what such a packet is for.
fn written_about(reason: Cause) -> Vec<Reference> {
    match reason {
        Cause::Datagram => vec![Reference::Rfc(768, "")],
        Cause::Icmp => vec![Reference::Rfc(792, "")],
        Cause::Neighbour => vec![Reference::Rfc(826, "")],
        Cause::Membership => vec![Reference::Rfc(3376, "")],
        Cause::Forwarded => vec![Reference::Rfc(1812, "5.2")],
        Cause::Syn | Cause::SynAck => vec![Reference::Rfc(9293, "3.5")],
        Cause::Fin => vec![Reference::Rfc(9293, "3.6")],
        Cause::Reset => vec![Reference::Rfc(9293, "3.5.2")],
        Cause::ChallengeAck => vec![Reference::Rfc(5961, "")],
        Cause::DelayedAck => vec![Reference::Rfc(9293, "3.8.6.3")],
        Cause::RetransmitTimeout => vec![Reference::Rfc(6298, "5")],
        Cause::FastRetransmit => vec![Reference::Rfc(5681, "3.2")],
        Cause::TailLossProbe => vec![Reference::Rfc(8985, "7")],
        Cause::WindowProbe => vec![Reference::Rfc(9293, "3.8.6.1")],
        Cause::KeepAlive => vec![Reference::Rfc(9293, "3.8.4")],
        _ => vec![Reference::Rfc(9293, "3.8")],
    }
}

fn cause_text(cause: Cause) -> Message {
    match cause {
        Cause::Syn => Message::CauseSyn {},
        Cause::SynAck => Message::CauseSynAck {},
        Cause::Data => Message::CauseData {},
        Cause::Fin => Message::CauseFin {},
        Cause::Ack => Message::CauseAck {},
        Cause::DelayedAck => Message::CauseDelayedAck {},
        Cause::DuplicateAck => Message::CauseDuplicateAck {},
        Cause::ChallengeAck => Message::CauseChallenge {},
        Cause::WindowUpdate => Message::CauseWindow {},
        Cause::RetransmitTimeout => Message::CauseRetransmit {},
        Cause::FastRetransmit => Message::CauseFastRetransmit {},
        Cause::TailLossProbe => Message::CauseTailProbe {},
        Cause::WindowProbe => Message::CauseProbe {},
        Cause::KeepAlive => Message::CauseKeepAlive {},
        Cause::Reset => Message::CauseReset {},
        Cause::Datagram => Message::CauseDatagram {},
        Cause::Icmp => Message::CauseIcmp {},
        Cause::Neighbour => Message::CauseNeighbour {},
        Cause::Membership => Message::CauseMembership {},
        Cause::Forwarded => Message::CauseForwarded {},
    }
}

fn state_why(why: StateWhy) -> Message {
    match why {
        StateWhy::Listen => Message::WhyListen {},
        StateWhy::Connect => Message::WhyConnect {},
        StateWhy::Close => Message::WhyClose {},
        StateWhy::SynArrived => Message::WhySyn {},
        StateWhy::SynAcked => Message::WhySynAcked {},
        StateWhy::FinArrived => Message::WhyFin {},
        StateWhy::FinAcked => Message::WhyFinAcked {},
        StateWhy::ResetArrived => Message::WhyReset {},
        StateWhy::ResetSent => Message::WhyResetSent {},
        StateWhy::TimedOut => Message::WhyTimedOut {},
        StateWhy::WaitOver => Message::WhyWaitOver {},
        StateWhy::Icmp => Message::WhyIcmp {},
        StateWhy::Abort => Message::WhyAbort {},
    }
}

/// One of two short texts.
fn say(lang: Lang, pt: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::PtBr => pt,
        Lang::En => en,
    }
}

/// Why a frame does not arrive; `None` if it does.
fn fate_text(fate: &Fate, lang: Lang) -> Option<&'static str> {
    Some(match fate {
        Fate::Pass | Fate::Delayed | Fate::Duplicate | Fate::Corrupted => return None,
        Fate::Lost => {
            say(lang, "O enlace perde pacotes ao acaso.", "The link loses packets at random.")
        }
        Fate::QueueFull => {
            say(lang, "A fila do enlace lento está cheia.", "The slow link's queue is full.")
        }
        Fate::Unplugged => say(lang, "O cabo está desligado.", "The cable is unplugged."),
        Fate::TooBig => {
            say(lang, "É maior que a MTU do enlace.", "It is longer than the link's MTU.")
        }
        Fate::Dropped => say(
            lang,
            "Foi descartado de propósito, por você ou pelo cenário.",
            "It was dropped on purpose, by you or by the scenario.",
        ),
        Fate::Held => say(lang, "Você o está segurando.", "You are holding it."),
    })
}

fn drop_text(why: &Drop, lang: Lang) -> &'static str {
    match why {
        Drop::Checksum => say(lang, "A soma de verificação está errada.", "The checksum is wrong."),
        Drop::Malformed => say(lang, "Os bytes não formam um pacote.", "The bytes are no packet."),
        Drop::NotForUs => say(lang, "O endereço é de outro.", "The address is somebody else's."),
        Drop::NoSocket => say(lang, "Nenhum socket o quer.", "No socket wants it."),
        Drop::BufferFull => {
            say(lang, "O buffer de recepção está cheio.", "The receive buffer is full.")
        }
        Drop::AcceptQueueFull => say(
            lang,
            "A fila do listen() está cheia: o cliente vai repetir o SYN.",
            "listen()'s queue is full: the client will repeat its SYN.",
        ),
        Drop::TtlExpired => say(lang, "O TTL acabou.", "The TTL ran out."),
        Drop::NoRoute => say(lang, "Não há rota.", "There is no route."),
        Drop::HostDown => say(lang, "O host está desligado.", "The host is off."),
        Drop::NotThePeer => say(
            lang,
            "Um socket conectado só ouve seu par.",
            "A connected socket hears its peer only.",
        ),
        Drop::Filtered => say(
            lang,
            "Uma regra do filtro de pacotes do host o proíbe.",
            "A rule of the host's packet filter forbids it.",
        ),
        Drop::Unsupported => say(lang, "O host não o conhece.", "The host does not know it."),
    }
}

fn action_text(action: &Action, names: &Names, lang: Lang) -> String {
    let pt = lang == Lang::PtBr;
    let label = |packet: &PacketId| label_of(*packet, names);
    match action {
        Action::Drop { packet } if pt => format!("{} descartado", label(packet)),
        Action::Drop { packet } => format!("{} dropped", label(packet)),
        Action::Delay { packet, by_ns } if pt => {
            format!("{} atrasado {}", label(packet), rounded(*by_ns))
        }
        Action::Delay { packet, by_ns } => {
            format!("{} delayed by {}", label(packet), rounded(*by_ns))
        }
        Action::Duplicate { packet } if pt => format!("{} duplicado", label(packet)),
        Action::Duplicate { packet } => format!("{} duplicated", label(packet)),
        Action::Corrupt { packet, .. } if pt => format!("um bit de {} virado", label(packet)),
        Action::Corrupt { packet, .. } => format!("one bit of {} turned", label(packet)),
        Action::Hold { packet } if pt => format!("{} retido", label(packet)),
        Action::Hold { packet } => format!("{} held", label(packet)),
        Action::Release { packet } if pt => format!("{} solto", label(packet)),
        Action::Release { packet } => format!("{} released", label(packet)),
        Action::Plug { up: true, .. } => say(lang, "cabo ligado", "cable plugged").to_owned(),
        Action::Plug { up: false, .. } => say(lang, "cabo desligado", "cable unplugged").to_owned(),
        Action::Link { .. } => say(lang, "enlace alterado", "link changed").to_owned(),
        Action::DropNext { count: 1, .. } => {
            say(lang, "o próximo pacote se perde", "the next packet is lost").to_owned()
        }
        Action::DropNext { count, .. } if pt => format!("os próximos {count} pacotes se perdem"),
        Action::DropNext { count, .. } => format!("the next {count} packets are lost"),
        Action::Signal { pid, signal, .. } if pt => {
            format!("{} enviado ao processo {pid}", signal_name(*signal))
        }
        Action::Signal { pid, signal, .. } => {
            format!("{} sent to process {pid}", signal_name(*signal))
        }
        Action::Pause { pid, .. } if pt => format!("processo {pid} parado"),
        Action::Pause { pid, .. } => format!("process {pid} stopped"),
        Action::Continue { pid, .. } if pt => format!("processo {pid} continua"),
        Action::Continue { pid, .. } => format!("process {pid} continues"),
        Action::Restart { .. } => say(lang, "programa reiniciado", "program restarted").to_owned(),
        Action::Crash { .. } => say(lang, "host desligado", "host turned off").to_owned(),
        Action::Boot { .. } => say(lang, "host ligado", "host turned on").to_owned(),
        Action::Type { text, .. } if pt => format!("digitado {text:?}"),
        Action::Type { text, .. } => format!("typed {text:?}"),
        Action::EndInput { .. } => say(lang, "Ctrl+D", "Ctrl+D").to_owned(),
        Action::RunNext { tid, .. } if pt => format!("a thread {tid} é a próxima"),
        Action::RunNext { tid, .. } => format!("thread {tid} is next"),
    }
}

/// The usual cause of an error, and what to change.
pub fn errno_cause(errno: Errno, call: &Syscall, lang: Lang) -> &'static str {
    causes::cause(errno, strace::name(call), lang)
}

/// A duration in whole units, so that no decimal mark has to be chosen: `850 µs`, `40 ms`, `12 s`.
fn rounded(ns: u64) -> String {
    match ns {
        0..1_000_000 => format!("{} µs", (ns + 500) / 1000),
        1_000_000..10_000_000_000 => format!("{} ms", (ns + 500_000) / 1_000_000),
        _ => format!("{} s", (ns + 500_000_000) / 1_000_000_000),
    }
}

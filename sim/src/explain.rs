//! What a record means, in words: what happened, why, what would have happened otherwise, and where
//! it is written. Computed from the trace, so that it holds for anybody's program.
//!
//! An [`Explanation`] is made of typed [`Message`]s with values; each message has its text in both
//! languages on one line of one table, so that none can be missing.

mod calls;
mod tcp;

use crate::causes;
use crate::inspect::packet_label;
use crate::kernel::wait::Reason;
use crate::net::{Cause, StateWhy};
use crate::tcp::State;
use crate::trace::{Drop, Fate, Record, SignalBy, SignalEffect, What};
use crate::{HostId, timeline::Action};
use abi::{Errno, Lang, Pid, Reply, Syscall, consts, strace};
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
    /// An RFC's section; empty for the whole.
    Rfc(u16, &'static str),
}

impl std::fmt::Display for Reference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Reference::Man(name, section) => write!(f, "{name}({section})"),
            Reference::Rfc(number, "") => write!(f, "RFC {number}"),
            Reference::Rfc(number, section) => write!(f, "RFC {number} §{section}"),
        }
    }
}

/// Names of hosts and processes, collected from the trace.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Names {
    hosts: Vec<String>,
    processes: BTreeMap<(HostId, Pid), String>,
}

impl Names {
    /// From the hosts' names and the records so far.
    pub fn new<'a>(hosts: Vec<String>, records: impl Iterator<Item = &'a Record>) -> Names {
        let mut names = Names { hosts, processes: BTreeMap::new() };
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
    Asked { who: String, call: String }
        "{who} chamou {call}()."
        "{who} called {call}()."
    Slept { who: String, call: String }
        "{who} chamou {call}() e dorme."
        "{who} called {call}() and sleeps."
    Answered { who: String, call: String, ret: i64 }
        "{call}() devolveu {ret} a {who}."
        "{call}() returned {ret} to {who}."
    AnsweredLate { who: String, call: String, ret: i64, slept: String }
        "{call}() devolveu {ret} a {who}, que dormiu {slept}."
        "{call}() returned {ret} to {who}, which slept for {slept}."
    Failed { who: String, call: String, errno: String, message: String }
        "{call}() de {who} falhou: {errno} ({message})."
        "{call}() of {who} failed: {errno} ({message})."
    WaitConnection { }
        "A fila de conexões prontas está vazia: accept() espera o fim de um handshake."
        "The queue of completed connections is empty: accept() waits for the end of a handshake."
    WaitHandshake { }
        "O SYN saiu; connect() espera o SYN-ACK do outro lado."
        "The SYN has left; connect() waits for the peer's SYN-ACK."
    WaitData { }
        "Não há bytes para ler; o kernel acorda o processo quando chegarem dados, um FIN ou um erro."
        "There are no bytes to read; the kernel wakes the process when data, a FIN or an error arrives."
    WaitRoom { }
        "O buffer de envio está cheio; há lugar de novo quando o outro lado confirmar (ou ler)."
        "The send buffer is full; there is room again when the peer acknowledges (or reads)."
    WaitLinger { }
        "SO_LINGER: close() espera até que tudo esteja confirmado ou o tempo acabe."
        "SO_LINGER: close() waits until everything is acknowledged or the time is over."
    WaitReady { count: usize }
        "Nenhum dos {count} descritores está pronto; qualquer um deles acorda o processo."
        "None of the {count} descriptors is ready; any of them wakes the process."
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
    NonBlocking { }
        "Com O_NONBLOCK a chamada devolveria EAGAIN em vez de dormir."
        "With O_NONBLOCK the call would return EAGAIN instead of sleeping."
    SocketMade { }
        "É só um descritor: nenhum pacote sai antes de connect() ou listen()."
        "It is a descriptor only: no packet leaves before connect() or listen()."
    BindMade { }
        "O endereço local está reservado; quem mais pedir o mesmo recebe EADDRINUSE."
        "The local address is taken; whoever else asks for it gets EADDRINUSE."
    BindWithout { }
        "Sem bind() o kernel escolheria uma porta efêmera, que os clientes não conhecem."
        "Without bind() the kernel would choose an ephemeral port, which clients do not know."
    ListenMade { }
        "O socket só recebe conexões agora: SYNs que chegam são respondidos pelo kernel, sem accept()."
        "The socket only takes connections now: SYNs are answered by the kernel, without accept()."
    ListenWithout { }
        "Sem listen() o kernel responderia ao SYN com RST e o cliente veria ECONNREFUSED."
        "Without listen() the kernel would answer the SYN with RST and the client would see ECONNREFUSED."
    AcceptMade { fd: i64 }
        "O descritor {fd} é uma conexão nova, já estabelecida; o socket que escuta continua escutando."
        "Descriptor {fd} is a new connection, already established; the listening socket keeps listening."
    ConnectMade { }
        "O handshake terminou: o ACK do SYN-ACK saiu. O servidor talvez nem tenha chamado accept() ainda."
        "The handshake is complete: the ACK of the SYN-ACK has left. The server may not even have called accept() yet."
    ConnectUdp { }
        "Em UDP connect() não envia nada: só guarda o destino e filtra quem pode responder."
        "On UDP connect() sends nothing: it only keeps the destination and filters who may answer."
    SendMade { n: i64 }
        "{n} bytes foram copiados para o buffer do kernel. Isso não diz que o outro lado os recebeu."
        "{n} bytes were copied into the kernel's buffer. That does not say that the peer has them."
    SendPartial { n: i64, wanted: u64 }
        "Só {n} de {wanted} bytes couberam; o programa precisa enviar o resto em outra chamada."
        "Only {n} of {wanted} bytes fitted; the program must send the rest in another call."
    RecvMade { n: i64 }
        "{n} bytes saíram do buffer de recepção. Em UDP são um datagrama; em TCP, um pedaço do fluxo, que nada diz sobre os send() do outro lado."
        "{n} bytes left the receive buffer. With UDP they are one datagram; with TCP a piece of the stream, which says nothing about the peer's send() calls."
    RecvEnd { }
        "0 é o fim do fluxo: o outro lado fechou (ou deu shutdown) e tudo já foi lido."
        "0 is the end of the stream: the peer has closed (or shut down) and everything was read."
    CloseMade { }
        "Este descritor não existe mais. O kernel envia o FIN se nenhum outro descritor usa o socket."
        "This descriptor is gone. The kernel sends the FIN if no other descriptor uses the socket."
    ShutdownMade { }
        "Vale para a conexão, não para o descritor: também para cópias em outros processos."
        "It is for the connection, not for the descriptor: also for copies in other processes."
    ForkMade { pid: i64 }
        "Devolve duas vezes: {pid} no pai, 0 no filho."
        "It returns twice: {pid} in the parent, 0 in the child."
    WaitMade { pid: i64 }
        "O filho {pid} era um zumbi; agora o kernel pode esquecê-lo."
        "Child {pid} was a zombie; now the kernel can forget it."
    PollMade { n: i64 }
        "{n} descritores estão prontos: a próxima leitura ou escrita neles não dorme."
        "{n} descriptors are ready: the next read or write on them does not sleep."
    PollTimeout { }
        "O tempo acabou e nenhum descritor está pronto."
        "The time is over and no descriptor is ready."
    PacketLeft { from: String, to: String, label: String }
        "{from} → {to}: {label} parte."
        "{from} → {to}: {label} leaves."
    PacketLost { from: String, to: String, label: String }
        "{from} → {to}: {label} se perde."
        "{from} → {to}: {label} is lost."
    PacketCame { label: String, host: String }
        "{label} chega a {host}."
        "{label} arrives at {host}."
    PacketThrown { host: String }
        "{host} joga o pacote fora."
        "{host} throws the packet away."
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
    CauseMembership { }
        "Entra em um grupo multicast, ou sai dele."
        "It joins or leaves a multicast group."
    CauseForwarded { }
        "O roteador passa o pacote adiante, com TTL um a menos."
        "The router forwards the packet with its TTL one less."
    LostOtherwise { }
        "Sem a perda chegaria; o TCP de quem enviou vai notar pela falta do ACK."
        "Without the loss it would arrive; the sender's TCP will notice by the missing ACK."
    LostWhy { why: String }
        "{why}"
        "{why}"
    StateWent { host: String, peer: String, from: String, to: String }
        "A conexão de {host} com {peer} passa de {from} a {to}."
        "{host}'s connection with {peer} goes from {from} to {to}."
    SentAgain { host: String, bytes: u32, times: u32, rto_ms: u64 }
        "{host} repete um segmento que ocupa {bytes} no espaço de sequência (vez {times}); se ninguém responder, espera agora {rto_ms} ms."
        "{host} repeats a segment that takes {bytes} of sequence space (time {times}); if nobody answers it now waits {rto_ms} ms."
    DuplicateAck { host: String, count: u32 }
        "{host} recebe um ACK repetido ({count} segmentos chegaram depois da lacuna)."
        "{host} receives a duplicate ACK ({count} segments have arrived behind the gap)."
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
        "{host} sai da recuperação; a janela de congestionamento é de {cwnd} segmentos."
        "{host} leaves recovery; the congestion window is {cwnd} segments."
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
        "{host} descarta a conexão que chega: {queued} esperam por accept() e o backlog é {backlog}."
        "{host} drops the arriving connection: {queued} wait for accept() and the backlog is {backlog}."
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
        "O RST não confirma o nosso SYN."
        "The RST does not acknowledge our SYN."
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
        "Chegou o ACK do nosso SYN."
        "The ACK of our SYN arrived."
    WhyFin { }
        "Chegou o FIN: o outro lado não envia mais nada."
        "The FIN arrived: the peer sends nothing more."
    WhyFinAcked { }
        "Chegou o ACK do nosso FIN."
        "The ACK of our FIN arrived."
    WhyReset { }
        "Chegou um RST."
        "A RST arrived."
    WhyResetSent { }
        "Nós enviamos um RST."
        "We sent a RST."
    WhyTimedOut { }
        "O outro lado não respondeu a retransmissões ou sondas."
        "The peer did not answer retransmissions or probes."
    WhyWaitOver { }
        "O tempo de espera (2 MSL) acabou."
        "The waiting time (2 MSL) is over."
    WhyIcmp { }
        "Um ICMP diz que o destino não pode ser alcançado."
        "An ICMP message says that the destination cannot be reached."
    StateMeaningTimeWait { }
        "Quem fecha primeiro espera 60 s: segmentos atrasados não podem confundir uma conexão nova."
        "Whoever closes first waits for 60 s: late segments must not confuse a new connection."
    StateMeaningCloseWait { }
        "O kernel espera que o programa feche também: se ele nunca fecha, a conexão fica aqui."
        "The kernel waits for the program to close as well: if it never does, the connection stays here."
    StateMeaningEstablished { }
        "Agora dados podem ir nos dois sentidos."
        "Data can go both ways now."
    Wrote { who: String, text: String }
        "{who} escreveu no terminal: {text}"
        "{who} wrote to the terminal: {text}"
    Typed { text: String }
        "Foi digitado: {text}"
        "Typed: {text}"
    SignalSent { who: String, signal: String }
        "{signal} está pendente para {who}."
        "{signal} is pending for {who}."
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
        "{signal} para {who}."
        "{signal} stops {who}."
    SignalContinued { who: String }
        "{who} continua."
        "{who} continues."
    SigpipeWhy { }
        "Escreveu em uma conexão que o outro lado já fechou. MSG_NOSIGNAL ou ignorar SIGPIPE dá EPIPE."
        "It wrote to a connection that the peer has closed. MSG_NOSIGNAL or ignoring SIGPIPE gives EPIPE."
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
    Winsock { code: i32, name: String }
        "No Windows: {name} ({code})."
        "On Windows: {name} ({code})."
}

/// What a record means; `None` for records that need no words.
pub fn explain(record: &Record, names: &Names, lang: Lang) -> Option<Explanation> {
    let mut explanation = bare(record, names, lang)?;
    if let Some((why, otherwise, written)) = calls::record(&record.what, lang) {
        let said = |text: &str| Message::ErrnoCause { text: text.to_owned() };
        explanation.why.get_or_insert_with(|| said(why));
        explanation.otherwise.get_or_insert_with(|| said(otherwise));
        if explanation.written.is_empty() {
            explanation.written.push(written);
        }
    }
    Some(explanation)
}

/// What has sentences with values of its own.
fn bare(record: &Record, names: &Names, lang: Lang) -> Option<Explanation> {
    let who = names.process(record.host, record.pid);
    let host = names.host(record.host);
    Some(match &record.what {
        What::ProcessStart { parent: None, .. } => plain(Message::Started { who }),
        What::ProcessStart { parent: Some(parent), .. } => Explanation {
            why: Some(Message::ForkWhy {}),
            written: vec![Reference::Man("fork", 2)],
            ..plain(Message::Forked { who, parent: parent.0 })
        },
        What::Exec { .. } => Explanation {
            why: calls::meaning("execve", lang)
                .map(|(why, _)| Message::ErrnoCause { text: why.to_owned() }),
            written: vec![Reference::Man("execve", 2)],
            ..plain(Message::Execed { who })
        },
        What::ThreadStart { .. } => Explanation {
            written: vec![Reference::Man("pthreads", 7)],
            ..plain(Message::ThreadStarted { who })
        },
        What::ThreadEnd => plain(Message::ThreadEnded { who }),
        What::Burst { instructions, statements, .. } => {
            plain(Message::Computed { who, statements: *statements, instructions: *instructions })
        }
        What::CallStart { syscall, .. } => {
            let call = spoken(syscall).to_owned();
            Explanation { written: pages(syscall), ..plain(Message::Asked { who, call }) }
        }
        What::CallBlocked { on, .. } => blocked(&on.reason, who),
        What::CallEnd { syscall, reply, started_ns, blocked, .. } => {
            let slept_ns = if *blocked { Some(record.t_ns - started_ns) } else { None };
            answered(syscall, reply, slept_ns, who, lang)
        }
        What::PacketSent { frame, from, to, fate, reason, .. } => {
            sent(frame, &names.host(*from), &names.host(*to), fate, *reason, lang)
        }
        What::PacketArrived { .. } => return None,
        What::PacketDropped { why, .. } => Explanation {
            why: Some(Message::LostWhy { why: drop_text(why, lang).to_owned() }),
            ..plain(Message::PacketThrown { host })
        },
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
                otherwise: state_meaning(*to),
                written: vec![Reference::Rfc(9293, "3.3.2"), Reference::Man("tcp", 7)],
            }
        }
        What::Tcp { event, .. } => return tcp::explain(event, host),
        What::Output { bytes, .. } => {
            plain(Message::Wrote { who, text: strace::quoted(&bytes.0, 60) })
        }
        What::Input { bytes } => plain(Message::Typed { text: strace::quoted(&bytes.0, 60) }),
        What::SignalSent { signal, by } => Explanation {
            why: Some(match by {
                SignalBy::Kernel if *signal == consts::SIGPIPE => Message::SigpipeWhy {},
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
        What::Acted { action } => plain(Message::YouActed { text: action_text(action, lang) }),
        What::Unsupported { name } => plain(Message::NotSimulated { name: name.clone() }),
    })
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
        Syscall::Semop { .. } => "semop",
        Syscall::MqSend { .. } => "mq_send",
        Syscall::MqReceive { .. } => "mq_receive",
        other => strace::name(other),
    }
}

fn pages(call: &Syscall) -> Vec<Reference> {
    let page = match call {
        Syscall::Openat { .. } => "open",
        Syscall::Stat { .. } | Syscall::Fstat { .. } => "stat",
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
        other => strace::name(other),
    };
    vec![Reference::Man(page, 2)]
}

fn blocked(reason: &Reason, who: String) -> Explanation {
    let (call, why) = match reason {
        Reason::Connection(_) => ("accept", Message::WaitConnection {}),
        Reason::Handshake(_) => ("connect", Message::WaitHandshake {}),
        Reason::Data(_) => ("recv", Message::WaitData {}),
        Reason::Room(_) => ("send", Message::WaitRoom {}),
        Reason::Linger => ("close", Message::WaitLinger {}),
        Reason::Ready(fds) => ("poll", Message::WaitReady { count: fds.len() }),
        Reason::Child => ("wait", Message::WaitChild {}),
        Reason::Time => ("sleep", Message::WaitTime {}),
        Reason::Signal => ("pause", Message::WaitSignal {}),
        Reason::Futex(_) => ("pthread_mutex_lock", Message::WaitLock {}),
        Reason::Thread(tid) => ("pthread_join", Message::WaitThread { tid: tid.0 }),
        Reason::Semaphore(_) => ("semop", Message::WaitSemaphore {}),
        Reason::Queue(_) => ("mq_send", Message::WaitQueue {}),
        Reason::Mailbox(_) => ("msgrcv", Message::WaitQueue {}),
        Reason::FileLock(_) => ("fcntl", Message::WaitLock {}),
        Reason::OtherEnd => ("open", Message::WaitOtherEnd {}),
    };
    let descriptor = matches!(
        reason,
        Reason::Connection(_) | Reason::Handshake(_) | Reason::Data(_) | Reason::Room(_)
    );
    Explanation {
        what: Message::Slept { who, call: call.to_owned() },
        why: Some(why),
        otherwise: descriptor.then_some(Message::NonBlocking {}),
        written: Vec::new(),
    }
}

fn answered(
    call: &Syscall,
    reply: &Reply,
    slept_ns: Option<u64>,
    who: String,
    lang: Lang,
) -> Explanation {
    let name = spoken(call).to_owned();
    let ret = match reply.ret {
        Ok(ret) => ret,
        Err(errno) => {
            let what = Message::Failed {
                who,
                call: name,
                errno: errno.name().to_owned(),
                message: errno.message(),
            };
            let cause = errno_cause(errno, call, lang).to_owned();
            let winsock =
                errno.wsa().map(|(code, name)| Message::Winsock { code, name: name.to_owned() });
            let why = Some(Message::ErrnoCause { text: cause });
            let mut written = pages(call);
            written.push(Reference::Man("errno", 3));
            let known = calls::meaning(strace::name(call), lang);
            let known = known.map(|(_, text)| Message::ErrnoCause { text: text.to_owned() });
            return Explanation { what, why, otherwise: winsock.or(known), written };
        }
    };
    let what = match slept_ns {
        Some(ns) => Message::AnsweredLate { who, call: name, ret, slept: rounded(ns) },
        None => Message::Answered { who, call: name, ret },
    };
    let (why, otherwise) = success(call, ret);
    let known = calls::meaning(strace::name(call), lang);
    let said = |text: &str| Message::ErrnoCause { text: text.to_owned() };
    let why = why.or_else(|| known.map(|(why, _)| said(why)));
    let otherwise = otherwise.or_else(|| known.map(|(_, otherwise)| said(otherwise)));
    Explanation { what, why, otherwise, written: pages(call) }
}

fn success(call: &Syscall, ret: i64) -> (Option<Message>, Option<Message>) {
    match call {
        Syscall::Socket { .. } => (Some(Message::SocketMade {}), None),
        Syscall::Bind { .. } => (Some(Message::BindMade {}), Some(Message::BindWithout {})),
        Syscall::Listen { .. } => (Some(Message::ListenMade {}), Some(Message::ListenWithout {})),
        Syscall::Accept { .. } | Syscall::Accept4 { .. } => {
            (Some(Message::AcceptMade { fd: ret }), None)
        }
        Syscall::Connect { .. } => (Some(Message::ConnectMade {}), None),
        Syscall::Sendto { buf, .. } | Syscall::Write { buf, .. } if (ret as u64) < buf.len => {
            (Some(Message::SendPartial { n: ret, wanted: buf.len }), None)
        }
        Syscall::Sendto { .. } => (Some(Message::SendMade { n: ret }), None),
        Syscall::Recvfrom { buf, .. } if ret == 0 && buf.len > 0 => {
            (Some(Message::RecvEnd {}), None)
        }
        Syscall::Recvfrom { .. } => (Some(Message::RecvMade { n: ret }), None),
        Syscall::Close { .. } | Syscall::Closesocket { .. } => (Some(Message::CloseMade {}), None),
        Syscall::Shutdown { .. } => (Some(Message::ShutdownMade {}), None),
        Syscall::Fork => (Some(Message::ForkMade { pid: ret }), None),
        Syscall::Wait4 { .. } if ret > 0 => (Some(Message::WaitMade { pid: ret }), None),
        Syscall::Poll { .. } | Syscall::Select { .. } | Syscall::EpollWait { .. } => match ret {
            0 => (Some(Message::PollTimeout {}), None),
            n => (Some(Message::PollMade { n }), None),
        },
        _ => (None, None),
    }
}

fn sent(frame: &[u8], from: &str, to: &str, fate: &Fate, reason: Cause, lang: Lang) -> Explanation {
    let label = packet_label(frame);
    let (from, to) = (from.to_owned(), to.to_owned());
    let written = match reason {
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
    };
    let lost = fate_text(fate, lang);
    match lost {
        Some(why) => Explanation {
            what: Message::PacketLost { from, to, label },
            why: Some(Message::LostWhy { why: why.to_owned() }),
            otherwise: Some(Message::LostOtherwise {}),
            written,
        },
        None => Explanation {
            what: Message::PacketLeft { from, to, label },
            why: Some(cause_text(reason)),
            otherwise: None,
            written,
        },
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

fn state_meaning(state: State) -> Option<Message> {
    match state {
        State::TimeWait => Some(Message::StateMeaningTimeWait {}),
        State::CloseWait => Some(Message::StateMeaningCloseWait {}),
        State::Established => Some(Message::StateMeaningEstablished {}),
        _ => None,
    }
}

/// One of two texts.
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
        Fate::Dropped => say(lang, "Você o descartou.", "You dropped it."),
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
        Drop::Unsupported => say(lang, "O host não o conhece.", "The host does not know it."),
    }
}

fn action_text(action: &Action, lang: Lang) -> String {
    let pt = lang == Lang::PtBr;
    match action {
        Action::Drop { packet } if pt => format!("pacote {packet} descartado"),
        Action::Drop { packet } => format!("packet {packet} dropped"),
        Action::Delay { packet, by_ns } => {
            let ms = *by_ns as f64 / 1e6;
            if pt {
                format!("pacote {packet} atrasado {ms} ms")
            } else {
                format!("packet {packet} delayed by {ms} ms")
            }
        }
        Action::Duplicate { packet } if pt => format!("pacote {packet} duplicado"),
        Action::Duplicate { packet } => format!("packet {packet} duplicated"),
        Action::Corrupt { packet, .. } if pt => format!("um bit do pacote {packet} virado"),
        Action::Corrupt { packet, .. } => format!("one bit of packet {packet} turned"),
        Action::Hold { packet } if pt => format!("pacote {packet} retido"),
        Action::Hold { packet } => format!("packet {packet} held"),
        Action::Release { packet } if pt => format!("pacote {packet} solto"),
        Action::Release { packet } => format!("packet {packet} released"),
        Action::Plug { up: true, .. } => say(lang, "cabo ligado", "cable plugged").to_owned(),
        Action::Plug { up: false, .. } => say(lang, "cabo desligado", "cable unplugged").to_owned(),
        Action::Link { .. } => say(lang, "enlace alterado", "link changed").to_owned(),
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

//! The sentences of explanations: each with its values and its text in both languages on one line of
//! one table, so that none can be missing.

use abi::Lang;

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
    CauseTranslated { }
        "O roteador passa o pacote adiante com outro endereço ou outra porta (NAT)."
        "The router forwards the packet with another address or port (NAT)."
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

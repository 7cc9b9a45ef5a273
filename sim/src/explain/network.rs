//! Packets in words: what one that arrives leads to, and what would happen without it; why a host
//! throws one away; what each state of a connection is for.

use crate::net::Cause;
use crate::tcp::State;
use crate::trace::{Drop, Fate};

/// pt-BR, English.
type Pair = [&'static str; 2];

/// What the arrival of a packet does, and what would be otherwise.
#[rustfmt::skip]
pub(super) fn arrived(reason: Cause) -> (Pair, Pair) {
    match reason {
        Cause::Syn => (
            ["Se um socket escuta nessa porta, o kernel responde SYN-ACK sozinho, sem esperar por accept().", "If a socket listens on that port, the kernel answers SYN-ACK by itself, without waiting for accept()."],
            ["Sem ninguém em listen() a resposta seria RST, e o connect() do outro lado daria ECONNREFUSED.", "With nobody in listen() the answer would be RST, and the other side's connect() would give ECONNREFUSED."],
        ),
        Cause::SynAck => (
            ["O kernel confirma com um ACK e connect() retorna: deste lado a conexão está aberta.", "The kernel acknowledges with an ACK and connect() returns: on this side the connection is open."],
            ["Sem ele o SYN seria repetido depois de 1 s, 3 s, 7 s… até ETIMEDOUT.", "Without it the SYN would be repeated after 1 s, 3 s, 7 s… until ETIMEDOUT."],
        ),
        Cause::Data | Cause::RetransmitTimeout | Cause::FastRetransmit | Cause::TailLossProbe => (
            ["Bytes em ordem vão para o buffer de recepção, e quem dorme em recv() acorda.", "Bytes in order go into the receive buffer, and whoever sleeps in recv() wakes."],
            ["Fora de ordem ficariam guardados até a lacuna ser preenchida; repetidos, seriam descartados.", "Out of order they would be kept until the gap is filled; repeated, they would be thrown away."],
        ),
        Cause::Fin => (
            ["Depois do que ainda há no buffer, recv() vai devolver 0: o outro lado não envia mais.", "After what is still in the buffer recv() will return 0: the other side sends no more."],
            ["Sem o FIN, recv() esperaria para sempre por mais bytes.", "Without the FIN recv() would wait for ever for more bytes."],
        ),
        Cause::Ack | Cause::DelayedAck => (
            ["O que foi confirmado sai do buffer de envio; a janela anunciada diz quanto mais pode partir.", "What was acknowledged leaves the send buffer; the advertised window says how much more may leave."],
            ["Sem o ACK o kernel repetiria os dados quando o RTO vencesse.", "Without the ACK the kernel would send the data again when the RTO runs out."],
        ),
        Cause::DuplicateAck => (
            ["Diz outra vez qual byte falta: algo se perdeu ou se atrasou.", "It says again which byte is missing: something was lost or is late."],
            ["Sem ACKs repetidos só o RTO mostraria a perda.", "Without duplicate ACKs only the RTO would show the loss."],
        ),
        Cause::ChallengeAck => (
            ["Pergunta se o segmento suspeito era mesmo deste lado: se era, a resposta o confirma.", "It asks whether the suspicious segment was really this side's: if so, the answer confirms it."],
            ["Sem essa pergunta um RST forjado acabaria com a conexão.", "Without that question a forged RST would end the connection."],
        ),
        Cause::WindowUpdate => (
            ["Há lugar de novo do outro lado: o que esperava no buffer de envio pode partir.", "There is room again at the other side: what waited in the send buffer may leave."],
            ["Sem esta notícia o remetente só saberia pela próxima sonda.", "Without this news the sender would learn it only from its next probe."],
        ),
        Cause::WindowProbe | Cause::KeepAlive => (
            ["Pede um ACK: a resposta diz a janela, e que este lado ainda existe.", "It asks for an ACK: the answer tells the window, and that this side still exists."],
            ["Sem resposta a várias sondas a conexão terminaria com ETIMEDOUT.", "Without an answer to several probes the connection would end with ETIMEDOUT."],
        ),
        Cause::Reset => (
            ["A conexão acaba aqui, sem FIN: o que estava nos buffers se perde.", "The connection ends here, without FIN: what was in the buffers is lost."],
            ["A próxima chamada no socket devolve ECONNRESET (ou ECONNREFUSED, em connect()).", "The next call on the socket returns ECONNRESET (or ECONNREFUSED, in connect())."],
        ),
        Cause::Datagram => (
            ["Se um socket tem essa porta, o datagrama entra inteiro na fila dele.", "If a socket has that port, the datagram joins its queue whole."],
            ["Sem socket nessa porta o kernel responderia ICMP “port unreachable”; com a fila cheia, o descartaria calado.", "Without a socket on that port the kernel would answer ICMP “port unreachable”; with the queue full it would drop it silently."],
        ),
        Cause::Icmp => (
            ["Um aviso (ou um eco) sobre um pacote anterior; o kernel o entrega ao socket de que se trata.", "A report (or an echo) about an earlier packet; the kernel hands it to the socket in question."],
            ["Um ICMP pode se perder como qualquer pacote: ninguém o repete.", "An ICMP message may be lost like any packet: nobody repeats it."],
        ),
        Cause::Neighbour => (
            ["ARP: quem pergunta ou responde fica na tabela de vizinhos, e o que esperava pelo endereço pode partir.", "ARP: whoever asks or answers gets into the neighbour table, and what waited for the address may leave."],
            ["Sem resposta, os pacotes que esperam seriam descartados e o programa veria EHOSTUNREACH.", "Without an answer the waiting packets would be dropped and the program would see EHOSTUNREACH."],
        ),
        Cause::Membership => (
            ["Diz quem quer os datagramas de um grupo multicast.", "It says who wants the datagrams of a multicast group."],
            ["Sem isso um roteador não mandaria o grupo para esta rede.", "Without it a router would not send the group to this network."],
        ),
        Cause::Translated => (
            ["O roteador traduz endereços (NAT): este pacote passou por ele com outro endereço ou outra porta.", "The router translates addresses (NAT): this packet passed it with another address or port."],
            ["Sem a tradução a resposta iria a um endereço que lá fora ninguém conhece, ou o pedido pararia no roteador.", "Without the translation the answer would go to an address that nobody outside knows, or the request would end at the router."],
        ),
        Cause::Forwarded => (
            ["O destino na camada IP não é o da Ethernet: um roteador o passou adiante.", "The destination on the IP layer is not Ethernet's: a router passed it on."],
            ["Com o TTL em 1 o roteador o teria descartado e avisado por ICMP.", "With the TTL at 1 the router would have dropped it and told by ICMP."],
        ),
    }
}

/// What would happen if a packet that leaves did not.
#[rustfmt::skip]
pub(super) fn without(reason: Cause) -> Pair {
    match reason {
        Cause::Syn => ["Se ele se perder, vai de novo depois de 1 s; sem ninguém em listen(), volta um RST.", "If it is lost it goes again after 1 s; with nobody in listen() a RST comes back."],
        Cause::SynAck => ["Se ele se perder, o cliente repete o SYN ou o servidor o repete.", "If it is lost, the client repeats its SYN or the server repeats it."],
        Cause::Data => ["Sem ACK a tempo ele iria de novo, com os mesmos números de sequência.", "Without an ACK in time it would go again, with the same sequence numbers."],
        Cause::Fin => ["Sem o FIN o outro lado esperaria por mais bytes em recv().", "Without the FIN the other side would wait for more bytes in recv()."],
        Cause::Ack | Cause::DelayedAck => ["Se este ACK se perder, o próximo o substitui: ACKs são cumulativos.", "If this ACK is lost the next one replaces it: ACKs are cumulative."],
        Cause::DuplicateAck => ["O terceiro repetido faz o remetente enviar o que falta sem esperar o RTO.", "The third repeated one makes the sender send what is missing without waiting for the RTO."],
        Cause::ChallengeAck => ["Obedecer a um RST que não tem o número exato deixaria qualquer um derrubar a conexão.", "Obeying a RST without the exact number would let anybody bring the connection down."],
        Cause::WindowUpdate => ["Se ele se perder, o remetente descobre com uma sonda.", "If it is lost the sender finds out by a probe."],
        Cause::RetransmitTimeout => ["Sem resposta nenhuma (6 vezes para um SYN, 15 para dados) a conexão terminaria com ETIMEDOUT.", "Without any answer (6 times for a SYN, 15 for data) the connection would end with ETIMEDOUT."],
        Cause::FastRetransmit => ["Esperando o RTO, a conexão ficaria parada por centenas de milissegundos.", "Waiting for the RTO, the connection would stand still for hundreds of milliseconds."],
        Cause::TailLossProbe => ["Sem a sonda, uma perda no fim só apareceria quando o RTO vencesse.", "Without the probe a loss at the end would show only when the RTO runs out."],
        Cause::WindowProbe => ["Sem sondas, uma atualização de janela perdida pararia a conexão para sempre.", "Without probes a lost window update would stop the connection for ever."],
        Cause::KeepAlive => ["Sem resposta a nove sondas, a conexão termina com ETIMEDOUT.", "Without an answer to nine probes the connection ends with ETIMEDOUT."],
        Cause::Reset => ["Um FIN no lugar deixaria o outro lado ler o que ainda estava a caminho.", "A FIN instead would let the other side read what was still on its way."],
        Cause::Datagram => ["Se ele se perder, ninguém repete: é o programa que precisa notar.", "If it is lost nobody repeats it: the program has to notice."],
        Cause::Icmp => ["Sem o aviso, quem enviou não saberia de nada.", "Without the report the sender would know nothing."],
        Cause::Neighbour => ["Sem resposta em 3 s os pacotes que esperam são descartados (EHOSTUNREACH).", "Without an answer within 3 s the waiting packets are dropped (EHOSTUNREACH)."],
        Cause::Membership => ["Sem isso os datagramas do grupo não viriam para esta rede.", "Without it the group's datagrams would not come to this network."],
        Cause::Translated => ["O roteador guarda a troca numa tabela: por ela a resposta volta a quem pediu.", "The router keeps the exchange in a table: by it the answer gets back to whoever asked."],
        Cause::Forwarded => ["Com TTL 0 o roteador o descartaria e avisaria por ICMP “time exceeded”.", "At TTL 0 the router would drop it and tell by ICMP “time exceeded”."],
    }
}

/// Who notices that a packet never arrives.
#[rustfmt::skip]
pub(super) fn lost(reason: Cause) -> Pair {
    match reason {
        Cause::Syn | Cause::SynAck | Cause::Data | Cause::Fin | Cause::RetransmitTimeout
        | Cause::FastRetransmit | Cause::TailLossProbe => ["O TCP de quem enviou vai notar a falta do ACK e repetir.", "The sender's TCP will notice the missing ACK and repeat."],
        Cause::Ack | Cause::DelayedAck | Cause::DuplicateAck | Cause::WindowUpdate
        | Cause::ChallengeAck => ["ACKs não são repetidos: o próximo confirma tudo, ou o outro lado repete os dados.", "ACKs are not repeated: the next one acknowledges everything, or the other side repeats its data."],
        Cause::Datagram => ["UDP não repete: só o programa pode notar, com um tempo limite.", "UDP does not repeat: only the program can notice, with a timeout."],
        Cause::Reset => ["Ninguém repete um RST: o outro lado só saberá quando enviar algo.", "Nobody repeats a RST: the other side will learn only when it sends something."],
        Cause::WindowProbe | Cause::KeepAlive => ["Outra sonda vai quando o temporizador vencer de novo.", "Another probe goes when the timer runs out again."],
        Cause::Neighbour => ["ARP pergunta de novo, três vezes, uma por segundo.", "ARP asks again, three times, once a second."],
        Cause::Icmp | Cause::Membership | Cause::Forwarded | Cause::Translated => ["Ninguém o repete.", "Nobody repeats it."],
    }
}

/// What happened to a frame that arrives, if the link did something to it.
#[rustfmt::skip]
pub(super) fn altered(fate: &Fate) -> Option<Pair> {
    Some(match fate {
        Fate::Delayed => ["Chega atrasado: outros podem ter passado à frente.", "It comes late: others may have overtaken it."],
        Fate::Duplicate => ["É uma cópia: TCP a reconhece pelo número de sequência; UDP a entregaria duas vezes.", "It is a copy: TCP knows it by its sequence number; UDP would deliver it twice."],
        Fate::Corrupted => ["Um bit mudou no caminho: a soma de verificação não confere, e o kernel o descarta.", "One bit changed on the way: the checksum is wrong, and the kernel throws it away."],
        _ => return None,
    })
}

/// What a host that throws a packet away leaves the sender to see.
#[rustfmt::skip]
pub(super) fn dropped(why: &Drop) -> Pair {
    match why {
        Drop::Checksum => ["Para quem enviou é como uma perda: TCP repete, UDP não.", "For the sender it is like a loss: TCP repeats, UDP does not."],
        Drop::Malformed => ["Nada é respondido a bytes que não formam um pacote.", "Nothing is answered to bytes that are no packet."],
        Drop::NotForUs => ["Em uma rede com hub ou broadcast isso é comum: cada host filtra o que não é seu.", "On a network with a hub or broadcast this is common: each host filters what is not its own."],
        Drop::NoSocket => ["A um segmento TCP o kernel responde RST (menos a um RST, que nunca tem resposta); a um datagrama UDP, ICMP “port unreachable”.", "To a TCP segment the kernel answers RST (but never to a RST); to a UDP datagram, ICMP “port unreachable”."],
        Drop::BufferFull => ["Com o programa lendo mais depressa (ou SO_RCVBUF maior) ele teria cabido; UDP não avisa ninguém.", "Had the program read faster (or with a larger SO_RCVBUF) it would have fitted; UDP tells nobody."],
        Drop::AcceptQueueFull => ["Com accept() chamado a tempo, ou um backlog maior em listen(), a conexão entraria na fila.", "With accept() called in time, or a larger backlog in listen(), the connection would join the queue."],
        Drop::TtlExpired => ["O roteador avisa por ICMP “time exceeded”: traceroute usa isso.", "The router tells by ICMP “time exceeded”: traceroute uses that."],
        Drop::NoRoute => ["O roteador avisa por ICMP “network unreachable”.", "The router tells by ICMP “network unreachable”."],
        Drop::HostDown => ["Ninguém avisa: quem enviou só tem o seu temporizador.", "Nobody tells: the sender has only its timer."],
        Drop::NotThePeer => ["Sem connect(), este socket UDP ouviria qualquer um.", "Without connect() this UDP socket would hear anybody."],
        Drop::Filtered => ["“drop” não responde nada, e connect() espera até ETIMEDOUT; “reject” responde ICMP, e ele falha logo.", "“drop” answers nothing, and connect() waits until ETIMEDOUT; “reject” answers ICMP, and it fails at once."],
        Drop::Unsupported => ["Se for um protocolo desconhecido, o kernel avisa por ICMP “protocol unreachable”.", "If it is an unknown protocol the kernel tells by ICMP “protocol unreachable”."],
    }
}

/// What a state of TCP is for, and what comes next.
#[rustfmt::skip]
pub(super) fn state(state: State) -> Pair {
    match state {
        State::Closed => ["A conexão não existe mais; o par de endereços e portas pode ser usado de novo.", "The connection exists no more; its pair of addresses and ports may be used again."],
        State::Listen => ["Daqui em diante um SYN para esta porta abre uma conexão, em um socket só dela.", "From now on a SYN to this port opens a connection, in a socket of its own."],
        State::SynSent => ["Espera pelo SYN-ACK; sem resposta o SYN é repetido, com RST vem ECONNREFUSED.", "It waits for the SYN-ACK; without an answer the SYN is repeated, a RST means ECONNREFUSED."],
        State::SynReceived => ["Falta o ACK do outro lado; só então a conexão entra na fila de accept().", "The other side's ACK is missing; only then does the connection join accept()'s queue."],
        State::Established => ["Agora dados podem ir nos dois sentidos, mesmo antes de accept().", "Data can go both ways now, even before accept()."],
        State::FinWait1 => ["Este lado não envia mais; falta o ACK do FIN. Ainda pode receber.", "This side sends no more; the ACK of its FIN is missing. It can still receive."],
        State::FinWait2 => ["Falta o FIN do outro lado. Se o programa já fechou, o kernel desiste depois de 60 s.", "The other side's FIN is missing. If the program has closed, the kernel gives up after 60 s."],
        State::CloseWait => ["O kernel espera que o programa feche também: se ele nunca fecha, a conexão fica aqui.", "The kernel waits for the program to close as well: if it never does, the connection stays here."],
        State::Closing => ["Os dois fecharam ao mesmo tempo; falta o ACK do FIN deste lado.", "Both closed at once; the ACK of this side's FIN is missing."],
        State::LastAck => ["Falta só o ACK do último FIN; depois a conexão some deste lado.", "Only the ACK of the last FIN is missing; then the connection is gone on this side."],
        State::TimeWait => ["Quem fecha primeiro espera 60 s: segmentos atrasados não podem confundir uma conexão nova.", "Whoever closes first waits for 60 s: late segments must not confuse a new connection."],
    }
}

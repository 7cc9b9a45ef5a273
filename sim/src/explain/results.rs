//! What a call that succeeded did, and what would have happened otherwise, said for what it was
//! called with: the object behind the descriptor, the option, the command, the value returned.
//!
//! [`super::calls`] has what can be said of a call by its name alone.

use super::objects::Object;
use abi::{Errno, Fd, Syscall, consts};
use std::ops::Not;

/// Why and otherwise, each in pt-BR and in English. `{n}` is the value returned, `{bytes}` the same
/// as a number of bytes.
pub(super) type Said = ([&'static str; 2], [&'static str; 2]);

/// What is said of a call that returned `ret`; `None` if nothing more is known than its name.
pub(super) fn of(call: &Syscall, ret: i64, behind: impl Fn(Fd) -> Option<Object>) -> Option<Said> {
    let object = super::objects::descriptor(call).and_then(behind);
    match call {
        Syscall::Socket { domain, ty, .. } => socket(*domain, *ty),
        Syscall::Bind { .. } => bind(object?),
        Syscall::Listen { .. } => (object? == Object::UnixStream).then_some(UNIX_LISTEN),
        Syscall::Accept { .. } | Syscall::Accept4 { .. } => Some(match object {
            Some(Object::UnixListener) => UNIX_ACCEPT,
            _ => ACCEPT,
        }),
        Syscall::Connect { .. } => connect(object?),
        Syscall::Sendto { .. } | Syscall::Sendmsg { .. } | Syscall::Sendmmsg { .. } => {
            send(object?)
        }
        Syscall::Write { buf, .. } if (ret as u64) < buf.len => None,
        Syscall::Write { .. } | Syscall::Writev { .. } => write(object?),
        Syscall::Pread64 { .. } | Syscall::Pwrite64 { .. } => Some(AT_OFFSET),
        Syscall::Getaddrinfo { .. } | Syscall::Getnameinfo { .. } if ret != 0 => Some(NO_NAME),
        Syscall::Recvfrom { flags, .. } | Syscall::Recvmsg { flags, .. }
            if flags & consts::MSG_PEEK != 0 =>
        {
            Some(PEEK)
        }
        Syscall::Recvfrom { .. }
        | Syscall::Recvmsg { .. }
        | Syscall::Recvmmsg { .. }
        | Syscall::Read { .. }
        | Syscall::Readv { .. } => read(object?, ret),
        Syscall::Close { .. } | Syscall::Closesocket { .. } => close(object?),
        Syscall::Shutdown { how, .. } => shutdown(object?, *how),
        Syscall::Setsockopt { level, name, value, .. } => {
            let off =
                value.value.as_ref().is_some_and(|value| value.0.iter().all(|byte| *byte == 0));
            option_set(*level, *name, off)
        }
        Syscall::Getsockopt { level, name, .. } => option_got(*level, *name),
        Syscall::Fcntl { cmd, arg, .. } => fcntl(*cmd, *arg),
        Syscall::FcntlLock { cmd, .. } => Some(match *cmd {
            consts::F_GETLK => LOCK_ASKED,
            _ => LOCK,
        }),
        Syscall::Flock { .. } => Some(LOCK),
        Syscall::Ioctl { request, .. } => ioctl(*request),
        Syscall::EpollCtl { op, .. } => epoll_ctl(*op),
        Syscall::Fork | Syscall::Vfork if ret == 0 => Some(FORK_CHILD),
        Syscall::Wait4 { options, .. } if ret == 0 && options & consts::WNOHANG != 0 => {
            Some(NO_CHILD_YET)
        }
        Syscall::Mmap { flags, .. } => mmap(*flags),
        Syscall::Semop { ops, .. } => ops.first().map(|op| semop(op.op)),
        Syscall::Semctl { cmd, .. } => semctl(*cmd),
        Syscall::Shmctl { cmd, .. } | Syscall::Msgctl { cmd, .. } if *cmd == consts::IPC_RMID => {
            Some(REMOVED)
        }
        Syscall::Kill { signal: 0, .. } => Some(KILL_ASKS),
        Syscall::RtSigaction { new, .. } => sigaction(new.value.map(|action| action.handler)),
        Syscall::RtSigprocmask { how, set, .. } => sigprocmask(*how, set.is_null()),
        Syscall::Alarm { seconds: 0 } => Some(ALARM_OFF),
        Syscall::Openat { flags, .. } => Some(open(*flags)),
        Syscall::IoctlIf { .. } => Some(IFACE),
        Syscall::FutexWait { .. } => Some(FUTEX_WAITED),
        Syscall::FutexWake { .. } => Some(FUTEX_WOKE),
        _ => None,
    }
}

macro_rules! said {
    ($($name:ident $why_pt:literal $why_en:literal $otherwise_pt:literal $otherwise_en:literal)*) => {
        $(const $name: Said = ([$why_pt, $why_en], [$otherwise_pt, $otherwise_en]);)*
    };
}

said! {
SOCKET_TCP
    "É só um descritor: nenhum pacote sai antes de connect()."
    "It is a descriptor only: no packet leaves before connect()."
    "Com SOCK_DGRAM seria UDP: sem conexão, cada envio um pacote."
    "With SOCK_DGRAM it would be UDP: no connection, each send a packet."
SOCKET_UDP
    "É só um descritor: nada sai antes de sendto(), e não há conexão a abrir."
    "It is a descriptor only: nothing leaves before sendto(), and there is no connection to open."
    "Com SOCK_STREAM seria TCP: um fluxo com confirmação, depois de um handshake."
    "With SOCK_STREAM it would be TCP: an acknowledged stream, after a handshake."
SOCKET_UNIX
    "A conversa fica dentro deste kernel: sem endereço IP, sem porta, sem pacotes."
    "The talk stays inside this kernel: no IP address, no port, no packets."
    "Com AF_INET os bytes passariam por TCP ou UDP, mesmo entre processos do mesmo host."
    "With AF_INET the bytes would go through TCP or UDP, even between processes of one host."
SOCKET_RAW
    "Um socket cru recebe pacotes IP com o cabeçalho; o programa escreve o que vem depois do IP."
    "A raw socket receives IP packets with their header; the program writes what follows IP."
    "Com SOCK_DGRAM o kernel cuidaria de portas e somas de verificação; SOCK_RAW é só do root."
    "With SOCK_DGRAM the kernel would see to ports and checksums; SOCK_RAW is root's only."
BIND_UDP
    "Os datagramas que chegarem a esta porta são agora deste socket."
    "The datagrams that come to this port are now this socket's."
    "Sem bind() o kernel escolheria uma porta efêmera no primeiro envio, e ninguém saberia qual."
    "Without bind() the kernel would choose an ephemeral port at the first send, and nobody would know which."
BIND_UNIX
    "Agora há um nome: é por ele que o outro processo acha este socket."
    "There is a name now: by it the other process finds this socket."
    "Um nome no sistema de arquivos fica depois do fim do processo: sem unlink() o próximo bind() dá EADDRINUSE."
    "A name in the file system outlives the process: without unlink() the next bind() gives EADDRINUSE."
UNIX_LISTEN
    "connect() neste nome entra agora na fila, sem esperar por accept()."
    "connect() to this name now joins the queue, without waiting for accept()."
    "Sem listen() o connect() do outro processo daria ECONNREFUSED."
    "Without listen() the other process's connect() would give ECONNREFUSED."
UNIX_ACCEPT
    "O descritor {n} é a ponta deste lado; o socket que escuta continua escutando."
    "Descriptor {n} is this side's end; the listening socket keeps listening."
    "Sem accept() o outro processo já poderia escrever, mas ninguém leria."
    "Without accept() the other process could already write, but nobody would read."
ACCEPT
    "O descritor {n} é uma conexão nova, já estabelecida; o socket que escuta continua escutando."
    "Descriptor {n} is a new connection, already established; the listening socket keeps listening."
    "recv() no socket que escuta daria ENOTCONN: é no {n} que se conversa."
    "recv() on the listening socket would give ENOTCONN: the talk is on {n}."
CONNECT_TCP
    "O handshake terminou: o ACK do SYN-ACK saiu. O servidor talvez nem tenha chamado accept() ainda."
    "The handshake is complete: the ACK of the SYN-ACK has left. The server may not even have called accept() yet."
    "Se ninguém escutasse, a resposta seria RST e connect() daria ECONNREFUSED."
    "If nobody listened, the answer would be RST and connect() would give ECONNREFUSED."
CONNECT_UDP
    "Em UDP nada é enviado: o kernel guarda o destino e só aceita respostas dele."
    "On UDP nothing is sent: the kernel keeps the destination and takes answers from it only."
    "Sem connect() cada envio diria o destino, e um ICMP de porta fechada não seria contado ao programa."
    "Without connect() each send would name the destination, and an ICMP about a closed port would not be told."
CONNECT_UNIX
    "Não há handshake: no mesmo kernel a conexão vai direto à fila de quem escuta."
    "There is no handshake: in the same kernel the connection goes straight to the listener's queue."
    "Se o nome não existisse seria ENOENT; se ninguém escutasse nele, ECONNREFUSED."
    "If the name did not exist it would be ENOENT; if nobody listened on it, ECONNREFUSED."
CONNECT_UNIX_DATAGRAM
    "Nada foi enviado: o kernel só guarda o destino."
    "Nothing was sent: the kernel only keeps the destination."
    "Sem connect() cada sendto() diria o nome do destino."
    "Without connect() each sendto() would name the destination."
SEND_TCP
    "O kernel ficou com {bytes}. Isso não diz que o outro lado já recebeu."
    "The kernel has {bytes} now. That does not say that the peer has received anything."
    "Com o buffer cheio a chamada dormiria; depois de um RST daria ECONNRESET ou EPIPE."
    "With the buffer full the call would sleep; after a RST it would give ECONNRESET or EPIPE."
SEND_UDP
    "Um datagrama com {bytes}: um pacote, sem confirmação e sem repetição."
    "One datagram of {bytes}: one packet, without acknowledgment and without repetition."
    "Se ele se perder, ninguém avisa; se a porta estiver fechada, volta um ICMP."
    "If it is lost nobody tells; if the port is closed an ICMP comes back."
SEND_RAW
    "A camada IP recebeu {bytes}, como o programa escreveu."
    "The IP layer got {bytes}, as the program wrote them."
    "Uma soma de verificação errada não dá erro aqui: quem recebe é que descarta."
    "A wrong checksum gives no error here: the receiver throws it away."
SEND_UNIX
    "A fila do outro socket já tem {bytes} a mais: dentro de um kernel nada se perde."
    "The other socket's queue already has {bytes} more: inside one kernel nothing is lost."
    "Com a fila cheia a chamada dormiria; se o outro lado tivesse fechado, seria EPIPE."
    "With the queue full the call would sleep; had the other side closed, it would be EPIPE."
WRITE_PIPE
    "O pipe guarda {bytes} a mais, na mesma ordem, até que alguém leia."
    "The pipe keeps {bytes} more, in the same order, until somebody reads."
    "Com o pipe cheio (64 KiB) a chamada dormiria; sem nenhum leitor viria SIGPIPE."
    "With the pipe full (64 KiB) the call would sleep; without any reader SIGPIPE would come."
WRITE_TERMINAL
    "O terminal recebeu {bytes} e mostra na hora."
    "The terminal got {bytes} and shows them at once."
    "printf() sem \\n nem fflush() teria deixado o texto no buffer do programa."
    "printf() without newline or fflush() would have left the text in the program's buffer."
WRITE_FILE
    "O arquivo recebeu {bytes} a partir da posição do descritor, que avançou."
    "The file got {bytes} from the descriptor's position, which moved on."
    "Sem O_APPEND, quem abriu o arquivo à parte escreve por cima, na posição dele."
    "Without O_APPEND whoever opened the file separately writes over it, at its own position."
WRITE_EVENTFD
    "O contador aumentou; quem o vigia com poll() acorda."
    "The counter went up; whoever watches it with poll() wakes."
    "Um pipe faria o mesmo com dois descritores."
    "A pipe would do the same with two descriptors."
AT_OFFSET
    "A posição veio na chamada ({bytes}); a do descritor não mudou."
    "The position came in the call ({bytes}); the descriptor's did not change."
    "read() e write() usariam a posição do descritor, que outras threads também movem."
    "read() and write() would use the descriptor's position, which other threads move too."
NO_NAME
    "Não há resposta para esse nome ou endereço; gai_strerror() diz por quê, errno não."
    "There is no answer for that name or address; gai_strerror() says why, errno does not."
    "Sem testar o retorno, o programa usaria uma lista que não existe."
    "Without testing what is returned the program would use a list that does not exist."
PIPE_SIZE
    "O tamanho do pipe, em bytes: {n}."
    "The pipe's size in bytes: {n}."
    "Cheio, ele faz quem escreve dormir."
    "Full, it makes the writer sleep."
PEEK
    "MSG_PEEK só olhou {bytes}: tudo continua no buffer."
    "MSG_PEEK only looked at {bytes}: everything is still in the buffer."
    "A próxima chamada sem MSG_PEEK lê os mesmos bytes."
    "The next call without MSG_PEEK reads the same bytes."
RECV_STREAM
    "Do buffer para o programa: {bytes}, um pedaço do fluxo, que nada diz sobre os send() do outro lado."
    "From the buffer to the program: {bytes}, a piece of the stream, which says nothing about the peer's send() calls."
    "Sem nada no buffer a chamada dormiria; o que não couber no do programa fica para a próxima."
    "With nothing in the buffer the call would sleep; what does not fit into the program's stays for the next."
RECV_END
    "0 é o fim do fluxo: o outro lado fechou (ou deu shutdown) e tudo já foi lido."
    "0 is the end of the stream: the peer has closed (or shut down) and everything was read."
    "Quem não trata o 0 chama recv() sem parar e recebe sempre 0."
    "Whoever does not handle the 0 calls recv() for ever and always gets 0."
RECV_DATAGRAM
    "Um datagrama inteiro saiu da fila, com {bytes}. Um datagrama vazio não é o fim."
    "One whole datagram left the queue, of {bytes}. An empty datagram is not the end."
    "Com um buffer menor o resto do datagrama estaria perdido; com a fila vazia a chamada dormiria."
    "With a smaller buffer the rest of the datagram would be lost; with the queue empty the call would sleep."
RECV_RAW
    "Um pacote inteiro, com {bytes}, contando o cabeçalho IP."
    "One whole packet of {bytes}, the IP header included."
    "Todo socket cru do host recebe uma cópia: o programa precisa ver se o pacote é para ele."
    "Every raw socket of the host gets a copy: the program must see whether the packet is for it."
READ_PIPE
    "Saiu do pipe, na ordem em que entrou: {bytes}."
    "From the pipe, in the order in which it went in: {bytes}."
    "Com o pipe vazio e alguém que ainda pode escrever, a chamada dormiria."
    "With the pipe empty and somebody who can still write, the call would sleep."
READ_PIPE_END
    "0 é o fim: ninguém mais tem a ponta de escrita aberta."
    "0 is the end: nobody has the writing end open any more."
    "Uma ponta de escrita esquecida, mesmo no próprio leitor, faria read() esperar para sempre."
    "A writing end left open, even in the reader itself, would make read() wait for ever."
READ_TERMINAL
    "O terminal entregou a linha digitada: {bytes}, com o \\n."
    "The terminal handed over the typed line: {bytes}, with its newline."
    "Sem uma linha completa a chamada dormiria; Ctrl+D em linha vazia devolveria 0."
    "Without a complete line the call would sleep; Ctrl+D on an empty line would return 0."
READ_TERMINAL_END
    "0 é o fim da entrada: Ctrl+D em linha vazia."
    "0 is the end of the input: Ctrl+D on an empty line."
    "O terminal continua aberto: outra leitura esperaria de novo."
    "The terminal stays open: another read would wait again."
READ_FILE
    "Do arquivo, a partir da posição do descritor, que avançou: {bytes}."
    "From the file, from the descriptor's position, which moved on: {bytes}."
    "Um arquivo nunca faz read() dormir: no fim ele devolve 0."
    "A file never makes read() sleep: at its end it returns 0."
READ_FILE_END
    "0 é o fim do arquivo."
    "0 is the end of the file."
    "Se alguém acrescentasse bytes, a próxima leitura os veria."
    "If somebody appended bytes, the next read would see them."
READ_COUNTER
    "A leitura devolve o contador e o zera."
    "Reading returns the counter and sets it to zero."
    "Com o contador em zero a chamada dormiria."
    "With the counter at zero the call would sleep."
READ_SIGNALFD
    "O sinal pendente foi lido como dados: nenhum tratador roda."
    "The pending signal was read as data: no handler runs."
    "O sinal precisa estar bloqueado; senão agiria da forma comum."
    "The signal must be blocked; otherwise it would act in the ordinary way."
CLOSE_TCP
    "Este descritor não existe mais; se era o último do socket, parte o FIN (ou um RST, se havia bytes não lidos)."
    "This descriptor is gone; if it was the socket's last, the FIN leaves (or a RST, if bytes were unread)."
    "Sem close() o outro lado nunca veria o fim, e os descritores se acumulariam até EMFILE."
    "Without close() the peer would never see the end, and descriptors would pile up until EMFILE."
CLOSE_LISTENER
    "Se era o último descritor, ninguém escuta mais: as conexões que ainda estavam na fila recebem RST."
    "If it was the last descriptor, nobody listens any more: connections still in the queue get a RST."
    "As conexões já aceitas têm seus próprios descritores e continuam."
    "Connections already accepted have descriptors of their own and go on."
CLOSE_UDP
    "Em UDP close() não envia nada: só a porta fica livre."
    "On UDP close() sends nothing: the port is free, that is all."
    "O que chegar agora a esta porta recebe ICMP “port unreachable”."
    "What comes to this port now gets an ICMP “port unreachable”."
CLOSE_PIPE
    "Uma ponta a menos. Sem nenhuma de escrita, o leitor vê o fim; sem nenhuma de leitura, quem escreve recebe SIGPIPE."
    "One end less. Without any for writing the reader sees the end; without any for reading the writer gets SIGPIPE."
    "Uma cópia esquecida aberta (fork() copia) faria o leitor esperar para sempre."
    "A copy left open (fork() copies) would make the reader wait for ever."
CLOSE_UNIX
    "O outro lado lê o que ainda há na fila e depois 0; nenhum pacote sai."
    "The other side reads what is still queued and then 0; no packet leaves."
    "O nome de um socket que escutava continua no sistema de arquivos até unlink()."
    "The name of a socket that listened stays in the file system until unlink()."
CLOSE_FILE
    "O número está livre de novo; o arquivo fica como está."
    "The number is free again; the file stays as it is."
    "Sem close() os descritores se acumulariam até EMFILE."
    "Without close() descriptors would pile up until EMFILE."
SHUTDOWN_READ
    "Nada é enviado: daqui em diante recv() devolve 0 neste lado."
    "Nothing is sent: from now on recv() returns 0 on this side."
    "O outro lado não fica sabendo e pode continuar enviando."
    "The other side does not learn of it and may go on sending."
SHUTDOWN_WRITE_TCP
    "O FIN parte depois do que ainda está no buffer; este lado ainda pode ler. Vale também para cópias do descritor."
    "The FIN leaves after what is still in the buffer; this side can still read. It also holds for copies of the descriptor."
    "Com close() em vez de shutdown(SHUT_WR) não se poderia mais ler a resposta."
    "With close() instead of shutdown(SHUT_WR) the answer could not be read any more."
SHUTDOWN_WRITE_UNIX
    "O outro lado lê o que está na fila e depois 0; este lado ainda pode ler."
    "The other side reads what is queued and then 0; this side can still read."
    "Escrever agora daria EPIPE (e SIGPIPE)."
    "Writing now would give EPIPE (and SIGPIPE)."
FORK_CHILD
    "Este é o filho: fork() devolve 0 aqui, e o número do filho no pai."
    "This is the child: fork() returns 0 here, and the child's number in the parent."
    "Sem distinguir os dois valores, pai e filho fariam o mesmo trabalho."
    "Without telling the two values apart, parent and child would do the same work."
NO_CHILD_YET
    "Há filhos, mas nenhum terminou: com WNOHANG a chamada devolve 0 em vez de dormir."
    "There are children, but none has ended: with WNOHANG the call returns 0 instead of sleeping."
    "Sem WNOHANG o pai dormiria até o fim de um filho."
    "Without WNOHANG the parent would sleep until a child ends."
KILL_ASKS
    "O sinal 0 não é enviado: a chamada só diz que o processo existe."
    "Signal 0 is not sent: the call only says that the process exists."
    "Se ele não existisse, seria ESRCH."
    "If it did not exist, it would be ESRCH."
ALARM_OFF
    "O alarme foi desmarcado; segundos que faltavam: {n}."
    "The alarm was called off; seconds that were left: {n}."
    "Sem isto SIGALRM ainda viria."
    "Without this SIGALRM would still come."
LOCK
    "A trava vale entre processos que também a pedem; quem não pede lê e escreve assim mesmo."
    "The lock holds among processes that ask for it too; whoever does not ask reads and writes all the same."
    "Se outro a tivesse, a chamada esperaria (ou daria EAGAIN)."
    "If another had it, the call would wait (or give EAGAIN)."
LOCK_ASKED
    "O kernel disse quem tem a trava, se alguém tem."
    "The kernel told who has the lock, if anybody has."
    "Entre perguntar e pedir, outro pode tomá-la: F_SETLK faz as duas coisas de uma vez."
    "Between asking and locking another may take it: F_SETLK does both at once."
REMOVED
    "O objeto não pode mais ser achado pela chave e some quando ninguém mais o usa."
    "The object can no longer be found by its key and goes when nobody uses it any more."
    "Sem IPC_RMID ele ficaria no kernel depois do fim de todos os processos."
    "Without IPC_RMID it would stay in the kernel after the end of all processes."
FUTEX_WAITED
    "Alguém acordou a thread: o mutex está livre, ou houve um sinal ou post."
    "Somebody woke the thread: the mutex is free, or there was a signal or post."
    "Sem quem acordasse ela dormiria para sempre; um mutex livre nem chega ao kernel."
    "With nobody to wake it, it would sleep for ever; a free mutex does not even reach the kernel."
FUTEX_WOKE
    "Threads acordadas, que dormiam nesta palavra da memória: {n}."
    "Threads woken that slept on this word of memory: {n}."
    "Sem esta chamada elas continuariam dormindo, com o mutex livre."
    "Without this call they would go on sleeping with the mutex free."
IFACE
    "O kernel respondeu sobre uma interface de rede deste host."
    "The kernel answered about a network interface of this host."
    "Um nome de interface que não existe daria ENODEV."
    "The name of an interface that does not exist would give ENODEV."
}

fn socket(domain: i32, ty: i32) -> Option<Said> {
    let ty = ty & !(consts::SOCK_NONBLOCK | consts::SOCK_CLOEXEC);
    Some(match (domain, ty) {
        (consts::AF_UNIX, _) => SOCKET_UNIX,
        (consts::AF_INET | consts::AF_INET6, consts::SOCK_STREAM) => SOCKET_TCP,
        (consts::AF_INET | consts::AF_INET6, consts::SOCK_DGRAM) => SOCKET_UDP,
        (consts::AF_INET | consts::AF_INET6, consts::SOCK_RAW) => SOCKET_RAW,
        _ => return None,
    })
}

fn bind(object: Object) -> Option<Said> {
    match object {
        Object::Udp => Some(BIND_UDP),
        Object::UnixStream | Object::UnixDatagram => Some(BIND_UNIX),
        _ => None,
    }
}

fn connect(object: Object) -> Option<Said> {
    Some(match object {
        Object::Udp => CONNECT_UDP,
        Object::UnixStream => CONNECT_UNIX,
        Object::UnixDatagram => CONNECT_UNIX_DATAGRAM,
        Object::Tcp => CONNECT_TCP,
        _ => return None,
    })
}

fn send(object: Object) -> Option<Said> {
    Some(match object {
        Object::Tcp => SEND_TCP,
        Object::Udp => SEND_UDP,
        Object::Raw => SEND_RAW,
        Object::UnixStream | Object::UnixDatagram => SEND_UNIX,
        _ => return None,
    })
}

fn write(object: Object) -> Option<Said> {
    match object {
        Object::Terminal => Some(WRITE_TERMINAL),
        Object::File => Some(WRITE_FILE),
        Object::Pipe => Some(WRITE_PIPE),
        Object::Eventfd => Some(WRITE_EVENTFD),
        other => send(other),
    }
}

fn read(object: Object, ret: i64) -> Option<Said> {
    let end = ret == 0;
    Some(match object {
        Object::Tcp | Object::UnixStream if end => RECV_END,
        Object::Tcp | Object::UnixStream => RECV_STREAM,
        Object::Udp | Object::UnixDatagram => RECV_DATAGRAM,
        Object::Raw => RECV_RAW,
        Object::Pipe if end => READ_PIPE_END,
        Object::Pipe => READ_PIPE,
        Object::Terminal if end => READ_TERMINAL_END,
        Object::Terminal => READ_TERMINAL,
        Object::File if end => READ_FILE_END,
        Object::File => READ_FILE,
        Object::Eventfd | Object::Timerfd => READ_COUNTER,
        Object::Signalfd => READ_SIGNALFD,
        Object::TcpListener | Object::UnixListener | Object::Epoll | Object::Queue => return None,
    })
}

fn close(object: Object) -> Option<Said> {
    Some(match object {
        Object::Tcp => CLOSE_TCP,
        Object::TcpListener => CLOSE_LISTENER,
        Object::Udp | Object::Raw => CLOSE_UDP,
        Object::Pipe => CLOSE_PIPE,
        Object::UnixStream | Object::UnixListener | Object::UnixDatagram => CLOSE_UNIX,
        Object::File | Object::Terminal => CLOSE_FILE,
        Object::Epoll | Object::Eventfd | Object::Timerfd | Object::Signalfd => CLOSE_FILE,
        Object::Queue => CLOSE_FILE,
    })
}

fn shutdown(object: Object, how: i32) -> Option<Said> {
    Some(match (object, how) {
        (_, consts::SHUT_RD) => SHUTDOWN_READ,
        (Object::UnixStream | Object::UnixDatagram, _) => SHUTDOWN_WRITE_UNIX,
        (Object::Tcp, consts::SHUT_WR) => SHUTDOWN_WRITE_TCP,
        _ => return None,
    })
}

/// A switch is often set to 0, which says the opposite.
fn option_set(level: i32, name: i32, off: bool) -> Option<Said> {
    let general = match (level, name) {
        (consts::SOL_SOCKET, consts::SO_REUSEADDR) => REUSEADDR,
        (consts::SOL_SOCKET, consts::SO_REUSEPORT) => REUSEPORT,
        (consts::SOL_SOCKET, consts::SO_KEEPALIVE) => KEEPALIVE,
        (consts::SOL_SOCKET, consts::SO_BROADCAST) => BROADCAST,
        (consts::SOL_SOCKET, consts::SO_LINGER) => return Some(LINGER),
        (consts::SOL_SOCKET, consts::SO_RCVTIMEO) => RCVTIMEO,
        (consts::SOL_SOCKET, consts::SO_SNDTIMEO) => SNDTIMEO,
        (consts::SOL_SOCKET, consts::SO_RCVBUF | consts::SO_SNDBUF) => BUFFER,
        (consts::SOL_TCP, consts::TCP_NODELAY) => NODELAY,
        (consts::SOL_TCP, consts::TCP_CORK) => CORK,
        (consts::SOL_TCP, consts::TCP_USER_TIMEOUT) => USER_TIMEOUT,
        (consts::SOL_TCP, consts::TCP_KEEPIDLE | consts::TCP_KEEPINTVL | consts::TCP_KEEPCNT) => {
            KEEPALIVE
        }
        (consts::SOL_TCP, consts::TCP_CONGESTION) => CONGESTION,
        (consts::SOL_IP, consts::IP_TTL) | (consts::SOL_IPV6, consts::IPV6_UNICAST_HOPS) => TTL,
        (consts::SOL_IP, consts::IP_ADD_MEMBERSHIP)
        | (consts::SOL_IPV6, consts::IPV6_JOIN_GROUP) => return Some(JOIN),
        (consts::SOL_IP, consts::IP_DROP_MEMBERSHIP)
        | (consts::SOL_IPV6, consts::IPV6_LEAVE_GROUP) => return Some(LEAVE),
        (
            consts::SOL_IP,
            consts::IP_MULTICAST_TTL | consts::IP_MULTICAST_LOOP | consts::IP_MULTICAST_IF,
        ) => return Some(MULTICAST),
        (consts::SOL_IPV6, consts::IPV6_V6ONLY) if off => return Some(BOTH_FAMILIES),
        (consts::SOL_IPV6, consts::IPV6_V6ONLY) => V6ONLY,
        _ => return None,
    };
    off.not().then_some(general)
}

said! {
REUSEADDR
    "bind() aceita agora uma porta em que só restam conexões em TIME-WAIT."
    "bind() now takes a port on which only connections in TIME-WAIT are left."
    "Sem SO_REUSEADDR, reiniciar o servidor logo depois de fechar daria EADDRINUSE por 60 s."
    "Without SO_REUSEADDR, starting the server again right after closing would give EADDRINUSE for 60 s."
REUSEPORT
    "Vários sockets podem usar a mesma porta, se todos pedirem; o kernel divide as conexões."
    "Several sockets may use the same port, if all ask for it; the kernel divides the connections."
    "Sem SO_REUSEPORT em todos eles, o segundo bind() daria EADDRINUSE."
    "Without SO_REUSEPORT on all of them, the second bind() would give EADDRINUSE."
KEEPALIVE
    "Uma conexão parada por muito tempo passa a ser sondada (após 2 horas, se nada mais for dito)."
    "A connection that is idle for long is now probed (after 2 hours, unless told otherwise)."
    "Sem isso, um par que sumiu sem FIN nem RST deixaria recv() esperando para sempre."
    "Without it, a peer that vanished without FIN or RST would leave recv() waiting for ever."
BROADCAST
    "Este socket pode enviar a todos da rede local."
    "This socket may send to everybody on the local network."
    "Sem SO_BROADCAST, enviar a um endereço de broadcast daria EACCES."
    "Without SO_BROADCAST, sending to a broadcast address would give EACCES."
LINGER
    "close() vai esperar até esse tempo pela confirmação dos dados; com tempo 0 ele envia RST e joga tudo fora."
    "close() will wait up to that time for the data's acknowledgment; with time 0 it sends RST and throws everything away."
    "Sem SO_LINGER close() retorna logo, e o kernel termina de enviar sozinho."
    "Without SO_LINGER close() returns at once, and the kernel goes on sending by itself."
RCVTIMEO
    "Uma leitura que esperar mais do que isso devolve EAGAIN."
    "A read that waits for longer than this returns EAGAIN."
    "Sem SO_RCVTIMEO ela esperaria o tempo que fosse: um datagrama perdido a pararia para sempre."
    "Without SO_RCVTIMEO it would wait however long: a lost datagram would stop it for ever."
SNDTIMEO
    "Um envio (ou connect()) que esperar mais do que isso devolve um erro."
    "A send (or connect()) that waits for longer than this returns an error."
    "Sem SO_SNDTIMEO ele esperaria enquanto a conexão existisse."
    "Without SO_SNDTIMEO it would wait as long as the connection exists."
BUFFER
    "O kernel reserva o dobro do que foi pedido: a outra metade é para o seu próprio controle."
    "The kernel reserves twice what was asked for: the other half is for its own bookkeeping."
    "Sem isso o tamanho muda sozinho com a conexão; um buffer pequeno fecha a janela mais cedo."
    "Without it the size follows the connection; a small buffer closes the window earlier."
NODELAY
    "Segmentos pequenos partem logo: o algoritmo de Nagle está desligado."
    "Small segments leave at once: Nagle's algorithm is off."
    "Com Nagle, um segmento pequeno espera o ACK do anterior."
    "With Nagle a small segment waits for the ACK of the one before."
CORK
    "Só segmentos cheios partem, até que a opção seja desligada (ou por 200 ms)."
    "Only full segments leave until the option is turned off (or for 200 ms)."
    "Sem TCP_CORK cada escrita pequena poderia virar um segmento."
    "Without TCP_CORK each small write could become a segment."
USER_TIMEOUT
    "Dados sem confirmação por mais do que isso acabam com a conexão (ETIMEDOUT)."
    "Data without acknowledgment for longer than this end the connection (ETIMEDOUT)."
    "Sem isso o kernel repetiria por cerca de 15 minutos."
    "Without it the kernel would repeat for about 15 minutes."
CONGESTION
    "Esta conexão usa agora esse algoritmo de controle de congestionamento."
    "This connection now uses that congestion control algorithm."
    "Sem isso vale o padrão do kernel: CUBIC."
    "Without it the kernel's default holds: CUBIC."
TTL
    "Os pacotes deste socket passam por no máximo tantos roteadores."
    "This socket's packets pass at most so many routers."
    "Com o TTL padrão (64) chegariam a qualquer lugar; com um pequeno, volta ICMP “time exceeded”: é assim que traceroute funciona."
    "With the default TTL (64) they would reach anywhere; with a small one ICMP “time exceeded” comes back: that is how traceroute works."
JOIN
    "O host entrou no grupo: datagramas para esse endereço multicast chegam a este socket."
    "The host has joined the group: datagrams for that multicast address come to this socket."
    "Sem isso o kernel os descartaria."
    "Without it the kernel would drop them."
LEAVE
    "Este socket não recebe mais os datagramas do grupo."
    "This socket gets the group's datagrams no more."
    "close() também sairia do grupo."
    "close() would leave the group too."
MULTICAST
    "Vale para os datagramas multicast que este socket enviar."
    "It holds for the multicast datagrams that this socket sends."
    "O padrão é TTL 1 (só a rede local), com cópia para o próprio host."
    "The default is TTL 1 (the local network only), with a copy to the host itself."
BOTH_FAMILIES
    "O socket aceita também IPv4: os endereços aparecem como ::ffff:a.b.c.d."
    "The socket takes IPv4 too: addresses appear as ::ffff:a.b.c.d."
    "Com IPV6_V6ONLY em 1, IPv4 precisaria de outro socket."
    "With IPV6_V6ONLY at 1, IPv4 would need a socket of its own."
V6ONLY
    "O socket só fala IPv6; a mesma porta fica livre para um socket IPv4."
    "The socket speaks IPv6 only; the same port is free for an IPv4 socket."
    "Com 0 ele aceitaria também IPv4, como ::ffff:a.b.c.d."
    "With 0 it would take IPv4 too, as ::ffff:a.b.c.d."
GOT_ERROR
    "O erro pendente do socket (0 se nenhum), que fica zerado: é o resultado de um connect() não bloqueante."
    "The socket's pending error (0 if none), which is cleared: the result of a non-blocking connect()."
    "Sem perguntar, a próxima chamada no socket devolveria esse erro."
    "Without asking, the next call on the socket would return that error."
GOT_BUFFER
    "O tamanho do buffer: o dobro do que se pede, a outra metade é do kernel."
    "The buffer's size: twice what is asked for, the other half is the kernel's."
    "SO_RCVBUF limita a janela que este lado anuncia."
    "SO_RCVBUF limits the window that this side advertises."
GOT_TYPE
    "O tipo com que o socket foi criado (1 é SOCK_STREAM, 2 é SOCK_DGRAM)."
    "The type with which the socket was made (1 is SOCK_STREAM, 2 is SOCK_DGRAM)."
    "O tipo de um socket nunca muda."
    "A socket's type never changes."
GOT_INFO
    "O que o kernel sabe da conexão: RTT, RTO, cwnd, retransmissões."
    "What the kernel knows of the connection: RTT, RTO, cwnd, retransmissions."
    "É o que o comando ss -i mostra."
    "It is what the command ss -i shows."
NON_BLOCKING
    "Daqui em diante nenhuma chamada neste descritor dorme: quando dormiria, devolve EAGAIN (connect(): EINPROGRESS)."
    "From now on no call on this descriptor sleeps: where it would, it returns EAGAIN (connect(): EINPROGRESS)."
    "A flag é da descrição: vale também para cópias do descritor, em outros processos também."
    "The flag is the description's: it holds for copies of the descriptor, in other processes too."
BLOCKING
    "Sem O_NONBLOCK, as chamadas neste descritor voltam a esperar."
    "Without O_NONBLOCK, calls on this descriptor wait again."
    "Quem não preserva as outras flags (F_GETFL antes) as apaga."
    "Whoever does not keep the other flags (F_GETFL before) clears them."
FLAGS_READ
    "As flags da descrição: o modo de abertura, O_NONBLOCK, O_APPEND."
    "The description's flags: how it was opened, O_NONBLOCK, O_APPEND."
    "Lê-se antes de F_SETFL para não apagar as outras."
    "They are read before F_SETFL so as not to clear the others."
CLOEXEC_SET
    "FD_CLOEXEC diz se o descritor fecha em execve(); é do descritor, não das cópias."
    "FD_CLOEXEC says whether the descriptor closes at execve(); it is the descriptor's, not its copies'."
    "Sem ele o programa novo herda o descritor aberto."
    "Without it the new program inherits the open descriptor."
CLOEXEC_READ
    "1 se o descritor fecha em execve(), senão 0."
    "1 if the descriptor closes at execve(), otherwise 0."
    "fork() copia o descritor com ou sem a flag."
    "fork() copies the descriptor with or without the flag."
DUPLICATED
    "{n} é outro número para a mesma descrição: posição e flags são comuns."
    "{n} is another number for the same description: position and flags are shared."
    "O socket ou arquivo só fecha quando o último descritor fechar."
    "The socket or file closes only when the last descriptor does."
IOCTL_READABLE
    "O kernel disse quantos bytes podem ser lidos sem esperar."
    "The kernel told how many bytes can be read without waiting."
    "Mais bytes podem chegar antes da leitura: é só uma dica."
    "More bytes may come before the read: it is only a hint."
IOCTL_TERMINAL
    "É um terminal: por isso stdio escreve linha por linha."
    "It is a terminal: that is why stdio writes line by line."
    "Em um arquivo ou pipe seria ENOTTY, e stdio escreveria em blocos."
    "On a file or pipe it would be ENOTTY, and stdio would write in blocks."
EPOLL_ADD
    "O descritor está na lista vigiada até EPOLL_CTL_DEL ou close()."
    "The descriptor is on the watched list until EPOLL_CTL_DEL or close()."
    "Um descritor fora da lista nunca aparece em epoll_wait(), mesmo pronto."
    "A descriptor that is not on the list never shows in epoll_wait(), even if ready."
EPOLL_DEL
    "O descritor saiu da lista vigiada."
    "The descriptor is off the watched list."
    "Fechar a última cópia dele faria o mesmo."
    "Closing its last copy would do the same."
EPOLL_MOD
    "Os eventos esperados deste descritor mudaram; o que já está pronto é contado de novo."
    "The events wanted of this descriptor changed; what is ready already is told again."
    "Com EPOLLONESHOT é assim que o descritor volta a ser vigiado."
    "With EPOLLONESHOT this is how the descriptor is watched again."
MAP_TOGETHER
    "A memória é compartilhada: o que um processo escreve os outros veem."
    "The memory is shared: what one process writes the others see."
    "Com MAP_PRIVATE cada um teria sua cópia, e ninguém veria as escritas alheias."
    "With MAP_PRIVATE each would have a copy, and nobody would see the others' writes."
MAP_ALONE
    "Páginas novas, só deste processo."
    "New pages, this process's alone."
    "Depois de fork() o filho teria uma cópia; com MAP_SHARED, as mesmas páginas."
    "After fork() the child would have a copy; with MAP_SHARED, the same pages."
SEM_DOWN
    "O valor era bastante e diminuiu: quem chamou entra na região crítica."
    "The value was large enough and went down: the caller enters the critical region."
    "Com o valor em zero a chamada dormiria até alguém aumentá-lo."
    "With the value at zero the call would sleep until somebody raises it."
SEM_UP
    "O valor aumentou; quem dormia nele pode seguir."
    "The value went up; whoever slept on it can go on."
    "Sem isso, quem espera pelo semáforo esperaria para sempre."
    "Without this, whoever waits for the semaphore would wait for ever."
SEM_ZERO
    "O valor é zero, como foi pedido."
    "The value is zero, as was asked for."
    "Com outro valor a chamada dormiria até ele chegar a zero."
    "With another value the call would sleep until it comes to zero."
SEM_SET
    "O semáforo tem agora esse valor: 1 deixa um só entrar."
    "The semaphore has this value now: 1 lets one in."
    "Com 0 o primeiro a entrar já dormiria."
    "With 0 the first to enter would already sleep."
SEM_GOT
    "O valor do semáforo neste instante: {n}."
    "The semaphore's value at this moment: {n}."
    "Pode mudar antes da próxima instrução: serve para olhar, não para decidir."
    "It may change before the next instruction: good for looking, not for deciding."
SIG_IGNORED
    "O processo ignora agora esse sinal: ele não interrompe nada."
    "The process now ignores that signal: it interrupts nothing."
    "Com SIGPIPE ignorado, escrever para quem fechou dá EPIPE em vez de matar o processo."
    "With SIGPIPE ignored, writing to one that has closed gives EPIPE instead of killing the process."
SIG_DEFAULT
    "Vale de novo a ação padrão do sinal: para a maioria, terminar o processo."
    "The signal's default holds again: for most, ending the process."
    "Um tratador permitiria continuar depois do sinal."
    "A handler would allow going on after the signal."
SIG_HANDLER
    "Quando o sinal chegar, o kernel chama essa função no meio do que o processo fizer."
    "When the signal comes the kernel calls that function in the middle of whatever the process does."
    "Sem tratador valeria a ação padrão: para a maioria dos sinais, terminar o processo."
    "Without a handler the default would hold: for most signals, ending the process."
SIG_ASKED
    "O kernel disse o que o processo faz com esse sinal; nada mudou."
    "The kernel told what the process does about that signal; nothing changed."
    "Para mudar, o segundo argumento não seria NULL."
    "To change it, the second argument would not be NULL."
SIG_BLOCKED
    "Os sinais do conjunto ficam pendentes em vez de agir."
    "The signals of the set stay pending instead of acting."
    "Sem bloquear, o tratador poderia rodar no meio de uma sequência que não pode ser interrompida."
    "Without blocking, the handler could run in the middle of something that must not be interrupted."
SIG_UNBLOCKED
    "Os sinais do conjunto podem agir de novo; os pendentes agem já."
    "The signals of the set may act again; pending ones act at once."
    "Bloqueados, continuariam pendentes: de cada sinal, um só."
    "Blocked, they would stay pending: of each signal, one only."
SIG_MASK
    "A máscara de sinais bloqueados é agora exatamente essa."
    "The mask of blocked signals is now exactly this one."
    "SIG_BLOCK e SIG_UNBLOCK mudariam só os sinais do conjunto."
    "SIG_BLOCK and SIG_UNBLOCK would change the signals of the set only."
SIG_MASK_ASKED
    "O kernel disse quais sinais estão bloqueados; nada mudou."
    "The kernel told which signals are blocked; nothing changed."
    "Para mudar, o conjunto não seria NULL."
    "To change it, the set would not be NULL."
OPEN_NEW
    "O arquivo foi criado se não existia; {n} é o menor número livre."
    "The file was made if it did not exist; {n} is the lowest free number."
    "Sem O_CREAT um nome que não existe daria ENOENT; com O_EXCL um que existe daria EEXIST."
    "Without O_CREAT a name that does not exist would give ENOENT; with O_EXCL one that exists would give EEXIST."
OPEN_OLD
    "O menor número livre, {n}, leva agora a esse arquivo (ou FIFO), do começo."
    "The lowest free number, {n}, now leads to that file (or FIFO), from its beginning."
    "Outro open() do mesmo nome teria uma posição só sua; dup() dividiria esta."
    "Another open() of the same name would have a position of its own; dup() would share this one."
}

fn option_got(level: i32, name: i32) -> Option<Said> {
    Some(match (level, name) {
        (consts::SOL_SOCKET, consts::SO_ERROR) => GOT_ERROR,
        (consts::SOL_SOCKET, consts::SO_RCVBUF | consts::SO_SNDBUF) => GOT_BUFFER,
        (consts::SOL_SOCKET, consts::SO_TYPE) => GOT_TYPE,
        (consts::SOL_TCP, consts::TCP_INFO) => GOT_INFO,
        _ => return None,
    })
}

fn fcntl(cmd: i32, arg: i64) -> Option<Said> {
    Some(match cmd {
        consts::F_SETFL if arg & i64::from(consts::O_NONBLOCK) != 0 => NON_BLOCKING,
        consts::F_SETFL => BLOCKING,
        consts::F_GETFL => FLAGS_READ,
        consts::F_SETFD => CLOEXEC_SET,
        consts::F_GETFD => CLOEXEC_READ,
        consts::F_DUPFD | consts::F_DUPFD_CLOEXEC => DUPLICATED,
        consts::F_GETPIPE_SZ | consts::F_SETPIPE_SZ => PIPE_SIZE,
        _ => return None,
    })
}

fn ioctl(request: u64) -> Option<Said> {
    Some(match i32::try_from(request).ok()? {
        consts::FIONREAD => IOCTL_READABLE,
        consts::FIONBIO => NON_BLOCKING,
        consts::TIOCGWINSZ | consts::TCGETS => IOCTL_TERMINAL,
        _ => return None,
    })
}

fn epoll_ctl(op: i32) -> Option<Said> {
    Some(match op {
        consts::EPOLL_CTL_ADD => EPOLL_ADD,
        consts::EPOLL_CTL_DEL => EPOLL_DEL,
        consts::EPOLL_CTL_MOD => EPOLL_MOD,
        _ => return None,
    })
}

fn mmap(flags: i32) -> Option<Said> {
    Some(if flags & consts::MAP_SHARED != 0 { MAP_TOGETHER } else { MAP_ALONE })
}

fn semop(op: i16) -> Said {
    match op {
        ..=-1 => SEM_DOWN,
        0 => SEM_ZERO,
        1.. => SEM_UP,
    }
}

fn semctl(cmd: i32) -> Option<Said> {
    Some(match cmd {
        consts::SETVAL => SEM_SET,
        consts::GETVAL => SEM_GOT,
        consts::IPC_RMID => REMOVED,
        _ => return None,
    })
}

/// `SIG_DFL` is 0, `SIG_IGN` 1, anything else a function.
fn sigaction(handler: Option<u64>) -> Option<Said> {
    Some(match handler {
        None => SIG_ASKED,
        Some(0) => SIG_DEFAULT,
        Some(1) => SIG_IGNORED,
        Some(_) => SIG_HANDLER,
    })
}

fn sigprocmask(how: i32, asks: bool) -> Option<Said> {
    Some(match how {
        _ if asks => SIG_MASK_ASKED,
        consts::SIG_BLOCK => SIG_BLOCKED,
        consts::SIG_UNBLOCK => SIG_UNBLOCKED,
        consts::SIG_SETMASK => SIG_MASK,
        _ => return None,
    })
}

fn open(flags: i32) -> Said {
    if flags & consts::O_CREAT != 0 { OPEN_NEW } else { OPEN_OLD }
}

/// The usual cause of an error where it differs from the Internet's: Unix sockets and pipes.
#[rustfmt::skip]
pub(super) fn cause(errno: Errno, call: &Syscall, object: Object) -> Option<[&'static str; 2]> {
    let unix = matches!(object, Object::UnixStream | Object::UnixListener | Object::UnixDatagram);
    Some(match (errno, call) {
        (Errno::EADDRINUSE, Syscall::Bind { .. }) if unix => ["O nome já existe, mesmo que ninguém escute nele: chame unlink() antes de bind(), ou mude o nome.", "The name exists already, even if nobody listens on it: call unlink() before bind(), or change the name."],
        (Errno::ECONNREFUSED, Syscall::Connect { .. }) if unix => ["O nome existe, mas ninguém escuta nele: o servidor terminou sem unlink(), ou ainda não chamou listen().", "The name exists, but nobody listens on it: the server ended without unlink(), or has not called listen() yet."],
        (Errno::ENOENT, Syscall::Connect { .. } | Syscall::Sendto { .. }) if unix => ["Ninguém fez bind() nesse nome ainda: confira o caminho, e inicie o servidor antes.", "Nobody has bound that name yet: check the path, and start the server first."],
        (Errno::ECONNREFUSED, _) if unix => ["O socket do outro lado foi fechado; o nome pode ter ficado.", "The socket at the other end was closed; its name may have stayed."],
        (Errno::ECONNRESET, _) if unix => ["O outro lado fechou com dados não lidos. Leia tudo antes de fechar, no outro programa.", "The other side closed with data unread. Read everything before closing, in the other program."],
        (Errno::EPIPE, _) if unix => ["O outro lado fechou, ou este já deu shutdown(SHUT_WR); sem MSG_NOSIGNAL vem também SIGPIPE.", "The other side has closed, or this one has called shutdown(SHUT_WR); without MSG_NOSIGNAL SIGPIPE comes too."],
        (Errno::EPIPE, _) if object == Object::Pipe => ["Ninguém mais tem a ponta de leitura aberta: não há quem leia. Quem ignora SIGPIPE recebe este erro.", "Nobody has the reading end open any more: there is no reader. Whoever ignores SIGPIPE gets this error."],
        (Errno::EAGAIN, Syscall::Connect { .. }) if unix => ["A fila de quem escuta está cheia e o socket não espera: tente de novo, ou aumente o backlog em listen().", "The listener's queue is full and the socket does not wait: try again, or raise the backlog in listen()."],
        _ => return None,
    })
}

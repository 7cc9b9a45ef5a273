//! The usual cause of each error of each call, and what to change. Calls are named as `strace(1)`
//! names them; the causes are those of the manual pages, said for whoever wrote the program.
//!
//! An entry without calls is for whatever has no entry of its own. `sim/tests/causes.rs` holds the
//! pairs that programs reach here, and asks for an entry of its own for each.

use abi::{Errno, Lang};

type Entry = (Errno, &'static [&'static str], &'static str, &'static str);

/// Everything that sends.
const SENDS: &[&str] = &["sendto", "sendmsg", "write", "writev", "sendmmsg"];
/// Everything that receives.
const RECEIVES: &[&str] = &["recvfrom", "recvmsg", "read", "readv", "recvmmsg"];
const ACCEPTS: &[&str] = &["accept", "accept4"];
const WAITS: &[&str] = &["poll", "ppoll", "select", "pselect6", "epoll_wait", "epoll_pwait"];
const OPENS: &[&str] = &[
    "open",
    "openat",
    "creat",
    "mkdir",
    "mkdirat",
    "stat",
    "newfstatat",
    "unlink",
    "unlinkat",
    "access",
    "chdir",
];
const NAMES: &[&str] = &["getsockname", "getpeername"];
const OPTIONS: &[&str] = &["setsockopt", "getsockopt", "ioctl"];
const DUPS: &[&str] = &["dup", "dup2", "dup3", "fcntl"];
const SHM: &[&str] = &["shmget", "shmat", "shmctl", "shmdt"];
const SEM: &[&str] = &["semget", "semop", "semtimedop", "semctl"];
const QUEUES: &[&str] =
    &["mq_open", "mq_send", "mq_timedsend", "mq_receive", "mq_timedreceive", "mq_unlink"];
const PROCESSES: &[&str] = &["fork", "clone", "clone3", "vfork"];
const SLEEPS: &[&str] = &["clock_nanosleep", "nanosleep", "pause", "rt_sigsuspend"];
const SIGNALS: &[&str] = &["rt_sigaction", "rt_sigprocmask", "kill", "tgkill"];
const FUTEX: &[&str] = &["futex", "futex_wait", "futex_wake"];

macro_rules! causes {
    ($($errno:ident $calls:expr; $pt:literal $en:literal)*) => {
        &[$((Errno::$errno, $calls, $pt, $en),)*]
    };
}

#[rustfmt::skip]
const CAUSES: &[Entry] = causes! {
    // connections
    ECONNREFUSED &["connect"];
        "Ninguém escuta nesse endereço e porta: o outro kernel respondeu RST. Confira a porta (htons!), o endereço e se o servidor já chamou listen()."
        "Nobody listens at that address and port: the other kernel answered RST. Check the port (htons!), the address, and whether the server has called listen()."
    ECONNREFUSED SENDS;
        "Um datagrama anterior deste socket achou a porta fechada: chegou um ICMP \"port unreachable\". Inicie o servidor antes, ou trate o erro e tente de novo."
        "An earlier datagram of this socket found the port closed: an ICMP \"port unreachable\" came back. Start the server first, or handle the error and try again."
    ECONNREFUSED RECEIVES;
        "O datagrama enviado antes achou a porta fechada: o ICMP que voltou é contado aqui. Inicie o servidor antes de enviar."
        "The datagram sent before found the port closed: the ICMP that came back is told here. Start the server before sending."
    ECONNREFUSED &[];
        "Do outro lado ninguém esperava por isto."
        "At the other end nobody was waiting for this."
    ECONNRESET RECEIVES;
        "O outro lado abortou a conexão (RST): fechou com dados não lidos, ou não a conhece mais. Leia tudo antes de fechar, no outro programa."
        "The peer aborted the connection (RST): it closed with data unread, or knows it no more. Read everything before closing, in the other program."
    ECONNRESET SENDS;
        "Chegou um RST: o outro processo terminou ou fechou com dados não lidos. Trate o erro e feche este lado."
        "A RST came: the other process ended or closed with data unread. Handle the error and close this side."
    ECONNRESET &["connect", "accept", "accept4"];
        "O outro lado desfez a conexão (RST) durante o handshake."
        "The peer undid the connection (RST) during the handshake."
    ECONNRESET &[];
        "O outro lado abortou a conexão (RST)."
        "The peer aborted the connection (RST)."
    ECONNABORTED ACCEPTS;
        "O cliente desistiu antes de accept(). Continue o laço: o próximo accept() pega outra conexão."
        "The client gave up before accept(). Go on with the loop: the next accept() takes another connection."
    ECONNABORTED &["connect"];
        "A tentativa anterior neste socket falhou. Um socket que falhou não serve mais: feche-o e crie outro com socket()."
        "The earlier attempt on this socket failed. A socket that failed is of no use: close it and make another with socket()."
    ECONNABORTED &[];
        "A conexão foi desfeita antes de ser usada."
        "The connection was undone before it was used."
    EPIPE SENDS;
        "O outro lado não lê mais, ou este lado já deu shutdown(SHUT_WR). Trate recv() == 0 como o fim e pare de escrever; sem MSG_NOSIGNAL vem também SIGPIPE."
        "The peer reads no more, or this side has called shutdown(SHUT_WR). Take recv() == 0 as the end and stop writing; without MSG_NOSIGNAL SIGPIPE comes too."
    EPIPE &[];
        "A outra ponta não existe mais."
        "The other end is gone."
    ETIMEDOUT &["connect"];
        "Os SYNs ficaram sem resposta: host desligado, cabo solto, ou um firewall que descarta em silêncio. Confira o endereço; para desistir antes, use um connect() não bloqueante com poll()."
        "The SYNs had no answer: host off, cable out, or a firewall that drops silently. Check the address; to give up earlier use a non-blocking connect() with poll()."
    ETIMEDOUT SENDS;
        "O outro lado deixou de confirmar os dados e as retransmissões acabaram. A conexão está perdida: abra outra."
        "The peer stopped acknowledging and the retransmissions are over. The connection is lost: open another."
    ETIMEDOUT RECEIVES;
        "A conexão morreu: retransmissões ou sondas de keep-alive ficaram sem resposta."
        "The connection died: retransmissions or keep-alive probes had no answer."
    ETIMEDOUT FUTEX;
        "O tempo da espera acabou antes que alguém sinalizasse. Confira quem deveria chamar pthread_cond_signal() ou sem_post()."
        "The wait's time was over before anybody signalled. Check who should call pthread_cond_signal() or sem_post()."
    ETIMEDOUT &[];
        "Ninguém respondeu a tempo."
        "Nobody answered in time."
    EHOSTUNREACH &["connect"];
        "O host não responde ao ARP na rede local, ou um roteador avisou por ICMP que não chega a ele. Confira o endereço e se o host está ligado."
        "The host does not answer ARP on the local network, or a router told by ICMP that it cannot be reached. Check the address and whether the host is on."
    EHOSTUNREACH SENDS;
        "O destino não responde ao ARP, ou um roteador avisou que não chega a ele."
        "The destination does not answer ARP, or a router told that it cannot be reached."
    EHOSTUNREACH RECEIVES;
        "Um ICMP avisou que o que foi enviado antes não chega ao destino."
        "An ICMP message told that what was sent before does not reach its destination."
    EHOSTUNREACH &[];
        "O host não pode ser alcançado."
        "The host cannot be reached."
    EHOSTDOWN &[];
        "O host de destino está desligado."
        "The destination host is off."
    ENETUNREACH &["connect"];
        "A tabela de rotas não tem caminho para esse endereço. Confira o endereço (inet_pton, ordem dos bytes) e a rede do host."
        "The routing table has no way to that address. Check the address (inet_pton, byte order) and the host's network."
    ENETUNREACH SENDS;
        "Não há rota para o destino do datagrama. Confira sin_addr; um endereço com os bytes trocados cai em outra rede."
        "There is no route to the datagram's destination. Check sin_addr; an address with its bytes swapped is on another network."
    ENETUNREACH &[];
        "Não há rota para essa rede."
        "There is no route to that network."
    ENETDOWN &[];
        "A interface de rede está desligada."
        "The network interface is down."
    EINPROGRESS &["connect"];
        "Não é falha: o handshake começou e o socket não bloqueia. Espere com poll(POLLOUT) e pergunte o resultado com getsockopt(SO_ERROR)."
        "No failure: the handshake has begun and the socket does not block. Wait with poll(POLLOUT) and ask for the result with getsockopt(SO_ERROR)."
    EINPROGRESS &[];
        "A operação começou; o resultado vem depois."
        "The operation has begun; its result comes later."
    EALREADY &["connect"];
        "Um connect() anterior deste socket ainda não terminou. Espere com poll(POLLOUT) em vez de chamar de novo."
        "An earlier connect() of this socket is not finished. Wait with poll(POLLOUT) instead of calling again."
    EALREADY &[];
        "A mesma operação já está em andamento."
        "The same operation is under way already."
    EISCONN &["connect"];
        "Este socket já está conectado. Para outro destino crie outro socket (em TCP uma conexão é um socket)."
        "This socket is connected already. For another destination make another socket (with TCP a connection is a socket)."
    EISCONN SENDS;
        "O socket já tem um destino por connect(): use send(), ou sendto() com endereço NULL."
        "The socket has a destination by connect() already: use send(), or sendto() with a NULL address."
    EISCONN &["listen", "bind"];
        "O socket já está conectado e não pode passar a escutar. Use um socket novo para o servidor."
        "The socket is connected and cannot begin to listen. Use a new socket for the server."
    EISCONN &[];
        "O socket já está conectado."
        "The socket is connected already."
    ENOTCONN SENDS;
        "O socket não está conectado: falta connect(), ou é o socket que escuta. No servidor envie pelo descritor que accept() devolveu."
        "The socket is not connected: connect() is missing, or it is the listening one. In the server send through the descriptor that accept() returned."
    ENOTCONN RECEIVES;
        "O socket não está conectado: falta connect(), ou é o socket que escuta. No servidor leia do descritor que accept() devolveu."
        "The socket is not connected: connect() is missing, or it is the listening one. In the server read from the descriptor that accept() returned."
    ENOTCONN &["shutdown"];
        "Não há conexão para encerrar: ela não começou ou já acabou (por exemplo por um RST)."
        "There is no connection to shut down: it has not begun or is over (by a RST, say)."
    ENOTCONN &["getpeername"];
        "Só um socket conectado tem par: chame depois de connect(), ou com o descritor de accept()."
        "Only a connected socket has a peer: call it after connect(), or with accept()'s descriptor."
    ENOTCONN &[];
        "O socket não está conectado."
        "The socket is not connected."
    EDESTADDRREQ SENDS;
        "Um socket UDP sem connect() não sabe para onde enviar: use sendto() com endereço, ou connect() antes."
        "A UDP socket without connect() does not know where to send: use sendto() with an address, or connect() first."
    EDESTADDRREQ &[];
        "Falta o endereço de destino."
        "The destination address is missing."
    EMSGSIZE SENDS;
        "O datagrama é grande demais (65507 bytes é o máximo de UDP sobre IPv4). Divida os dados, ou use TCP."
        "The datagram is too long (65507 bytes is the most of UDP over IPv4). Split the data, or use TCP."
    EMSGSIZE QUEUES;
        "A mensagem (ou o buffer) não tem o tamanho da fila: confira mq_msgsize com mq_getattr()."
        "The message (or the buffer) does not have the queue's size: check mq_msgsize with mq_getattr()."
    EMSGSIZE &[];
        "A mensagem é grande demais."
        "The message is too long."
    ENOBUFS &[];
        "O kernel ficou sem espaço para buffers. Espere um pouco e tente de novo."
        "The kernel is out of buffer space. Wait a little and try again."

    // addresses
    EADDRINUSE &["bind"];
        "Outro socket tem essa porta, ou uma conexão antiga dela está em TIME-WAIT. Chame setsockopt(SO_REUSEADDR) antes de bind(), feche o outro programa, ou mude a porta."
        "Another socket has that port, or an old connection of it is in TIME-WAIT. Call setsockopt(SO_REUSEADDR) before bind(), end the other program, or change the port."
    EADDRINUSE &["listen"];
        "Outro socket já escuta nessa porta. Sem bind() o kernel escolheria uma livre."
        "Another socket listens at that port already. Without bind() the kernel would choose a free one."
    EADDRINUSE &["connect"];
        "A conexão com esses dois endereços e portas já existe. Não faça bind() no cliente, ou espere o TIME-WAIT."
        "The connection with these two addresses and ports exists already. Do not bind() in the client, or wait for TIME-WAIT to end."
    EADDRINUSE &[];
        "O endereço está em uso."
        "The address is in use."
    EADDRNOTAVAIL &["bind"];
        "Nenhuma interface deste host tem esse endereço. Use INADDR_ANY, ou um endereço do próprio host (não o do outro)."
        "No interface of this host has that address. Use INADDR_ANY, or an address of this host (not of the other one)."
    EADDRNOTAVAIL &["connect", "sendto", "sendmsg"];
        "Não há porta local livre para essa conexão, ou o destino não pode ser alcançado a partir do endereço local. Não faça bind() no cliente."
        "There is no free local port for that connection, or the destination cannot be reached from the local address. Do not bind() in the client."
    EADDRNOTAVAIL &[];
        "Esse endereço não é deste host."
        "That address is not this host's."
    EAFNOSUPPORT &["socket", "socketpair"];
        "O primeiro argumento não é uma família que o kernel conheça: use AF_INET, AF_INET6 ou AF_UNIX."
        "The first argument is no family that the kernel knows: use AF_INET, AF_INET6 or AF_UNIX."
    EAFNOSUPPORT &["bind", "connect", "sendto", "sendmsg"];
        "A família no endereço não é a do socket: preencha sin_family com a mesma constante (AF_INET) que foi dada a socket()."
        "The family in the address is not the socket's: fill sin_family with the same constant (AF_INET) that socket() was given."
    EAFNOSUPPORT &[];
        "A família de endereços não combina com o socket."
        "The address family does not fit the socket."
    EACCES &["bind"];
        "Portas abaixo de 1024 são do root. Use uma porta maior (8080, por exemplo)."
        "Ports below 1024 are root's. Use a higher port (8080, say)."
    EACCES SENDS;
        "Para enviar em broadcast é preciso setsockopt(SO_BROADCAST) antes."
        "To send a broadcast setsockopt(SO_BROADCAST) is needed first."
    EACCES &["connect"];
        "O destino é um endereço de broadcast (falta SO_BROADCAST), ou o socket AF_UNIX não deixa este usuário escrever."
        "The destination is a broadcast address (SO_BROADCAST is missing), or the AF_UNIX socket does not let this user write."
    EACCES OPENS;
        "As permissões do arquivo ou de um diretório do caminho não deixam este usuário."
        "The permissions of the file or of a directory of the path do not allow this user."
    EACCES &["socket"];
        "Este tipo de socket é só do root."
        "This type of socket is root's only."
    EACCES &["setsockopt"];
        "Esta opção é só do root."
        "This option is root's only."
    EACCES SHM;
        "As permissões do segmento não deixam este usuário: confira o terceiro argumento de shmget() de quem o criou."
        "The segment's permissions do not allow this user: check the third argument of shmget() of whoever made it."
    EACCES SEM;
        "As permissões do semáforo não deixam este usuário: confira os bits dados a semget()."
        "The semaphore's permissions do not allow this user: check the bits given to semget()."
    EACCES &["execve"];
        "O arquivo não é executável para este usuário."
        "The file is not executable for this user."
    EACCES &[];
        "O processo não tem permissão para isso."
        "The process has no permission for this."

    // kinds of sockets
    EPROTONOSUPPORT &["socket", "socketpair"];
        "O terceiro argumento não combina com os outros dois. Use 0: o kernel escolhe TCP para SOCK_STREAM e UDP para SOCK_DGRAM."
        "The third argument does not fit the other two. Use 0: the kernel takes TCP for SOCK_STREAM and UDP for SOCK_DGRAM."
    EPROTONOSUPPORT &[];
        "O protocolo não combina com o socket."
        "The protocol does not fit the socket."
    ESOCKTNOSUPPORT &["socket", "socketpair"];
        "Essa família não tem esse tipo de socket: use SOCK_STREAM ou SOCK_DGRAM no segundo argumento."
        "That family does not have that type of socket: use SOCK_STREAM or SOCK_DGRAM as the second argument."
    ESOCKTNOSUPPORT &[];
        "Esse tipo de socket não existe nessa família."
        "That type of socket does not exist in that family."
    EPROTOTYPE &["connect", "sendto"];
        "O socket AF_UNIX do outro lado é de outro tipo: os dois precisam ser SOCK_STREAM, ou os dois SOCK_DGRAM."
        "The AF_UNIX socket at the other end is of another type: both must be SOCK_STREAM, or both SOCK_DGRAM."
    EPROTOTYPE &[];
        "O protocolo não é o do tipo do socket."
        "The protocol is not the one of the socket's type."
    EPROTO &[];
        "O outro lado não seguiu o protocolo."
        "The peer did not follow the protocol."
    EOPNOTSUPP ACCEPTS;
        "Só sockets de conexão (SOCK_STREAM) têm accept(). Um servidor UDP chama recvfrom() direto."
        "Only connection sockets (SOCK_STREAM) have accept(). A UDP server calls recvfrom() right away."
    EOPNOTSUPP &["listen"];
        "Só sockets de conexão (SOCK_STREAM) escutam. Um servidor UDP não chama listen()."
        "Only connection sockets (SOCK_STREAM) listen. A UDP server does not call listen()."
    EOPNOTSUPP SENDS;
        "Esse tipo de socket não tem isso: MSG_OOB só existe em TCP, e um socket AF_UNIX de fluxo não aceita endereço em sendto()."
        "This type of socket does not have it: MSG_OOB is TCP's, and an AF_UNIX stream socket takes no address in sendto()."
    EOPNOTSUPP RECEIVES;
        "Esse tipo de socket não conhece essas flags (MSG_OOB só existe em TCP)."
        "This type of socket does not know these flags (MSG_OOB is TCP's)."
    EOPNOTSUPP &["socketpair"];
        "Pares de sockets só existem em AF_UNIX."
        "Pairs of sockets exist in AF_UNIX only."
    EOPNOTSUPP OPTIONS;
        "Esse socket não tem opções nesse nível: confira o segundo argumento (SOL_SOCKET, IPPROTO_TCP, IPPROTO_IP)."
        "This socket has no options of that level: check the second argument (SOL_SOCKET, IPPROTO_TCP, IPPROTO_IP)."
    EOPNOTSUPP &["connect"];
        "O socket está escutando: um socket que escuta não se conecta. Crie outro."
        "The socket is listening: a listening socket does not connect. Make another."
    EOPNOTSUPP &[];
        "Esse tipo de socket não tem essa operação."
        "This type of socket does not have this operation."
    ENOPROTOOPT OPTIONS;
        "Essa opção não existe nesse nível: confira o par nível e nome (TCP_NODELAY é de IPPROTO_TCP, SO_REUSEADDR é de SOL_SOCKET)."
        "That option does not exist at that level: check level and name (TCP_NODELAY is IPPROTO_TCP's, SO_REUSEADDR is SOL_SOCKET's)."
    ENOPROTOOPT &[];
        "Essa opção não existe."
        "That option does not exist."
    ENOTSOCK &["bind", "listen", "accept", "accept4", "connect", "getsockname", "getpeername", "setsockopt", "getsockopt", "shutdown"];
        "O descritor é de um arquivo, terminal ou pipe, não de um socket. O primeiro argumento tem de ser o que socket() devolveu (confira se não é o resultado de outra chamada)."
        "The descriptor is of a file, terminal or pipe, not of a socket. The first argument must be what socket() returned (check that it is not another call's result)."
    ENOTSOCK &["sendto", "sendmsg", "recvfrom", "recvmsg"];
        "send() e recv() são só de sockets. Para arquivos, terminais e pipes use write() e read()."
        "send() and recv() are for sockets only. For files, terminals and pipes use write() and read()."
    ENOTSOCK &[];
        "O descritor não é um socket."
        "The descriptor is no socket."
    EDOM &["setsockopt"];
        "O tempo em SO_RCVTIMEO/SO_SNDTIMEO não é válido: tv_usec vai de 0 a 999999."
        "The time in SO_RCVTIMEO/SO_SNDTIMEO is not valid: tv_usec goes from 0 to 999999."
    EDOM &[];
        "Um número está fora do que a função aceita."
        "A number is outside of what the function takes."

    // waiting
    EAGAIN RECEIVES;
        "Não há nada para ler agora, e o descritor não espera (O_NONBLOCK, MSG_DONTWAIT) ou SO_RCVTIMEO acabou. Espere com poll(POLLIN) e leia depois; não é o fim da conexão."
        "There is nothing to read now, and the descriptor does not wait (O_NONBLOCK, MSG_DONTWAIT) or SO_RCVTIMEO is over. Wait with poll(POLLIN) and read then; it is not the end of the connection."
    EAGAIN SENDS;
        "O buffer de envio está cheio e o descritor não espera. Espere com poll(POLLOUT) e envie o resto depois."
        "The send buffer is full and the descriptor does not wait. Wait with poll(POLLOUT) and send the rest then."
    EAGAIN ACCEPTS;
        "Nenhuma conexão está pronta e o socket não espera (O_NONBLOCK). Espere com poll(POLLIN) no socket que escuta."
        "No connection is ready and the socket does not wait (O_NONBLOCK). Wait with poll(POLLIN) on the listening socket."
    EAGAIN &["connect"];
        "Em AF_UNIX a fila do servidor está cheia; em TCP não há porta local livre. Tente de novo mais tarde."
        "With AF_UNIX the server's queue is full; with TCP there is no free local port. Try again later."
    EAGAIN PROCESSES;
        "O limite de processos do usuário foi atingido: um laço está criando processos sem fim, ou faltam wait()."
        "The user's limit of processes is reached: a loop makes processes without end, or wait() is missing."
    EAGAIN SEM;
        "O semáforo não tem valor bastante e foi pedido IPC_NOWAIT (ou o tempo acabou)."
        "The semaphore's value is too small and IPC_NOWAIT was asked for (or the time is over)."
    EAGAIN QUEUES;
        "A fila de mensagens está cheia (ou vazia) e foi aberta com O_NONBLOCK."
        "The message queue is full (or empty) and was opened with O_NONBLOCK."
    EAGAIN FUTEX;
        "O valor mudou antes de dormir: outra thread chegou primeiro. A biblioteca tenta de novo."
        "The value changed before sleeping: another thread came first. The library tries again."
    EAGAIN &[];
        "A chamada dormiria, e isso não foi permitido. Espere e tente de novo."
        "The call would sleep, and that was not allowed. Wait and try again."
    EINTR RECEIVES;
        "Um sinal interrompeu a espera por dados. Tente de novo (while (n < 0 && errno == EINTR)), ou instale o tratador com SA_RESTART."
        "A signal interrupted the wait for data. Try again (while (n < 0 && errno == EINTR)), or install the handler with SA_RESTART."
    EINTR SENDS;
        "Um sinal interrompeu a espera por lugar no buffer. Tente de novo, ou use SA_RESTART."
        "A signal interrupted the wait for room in the buffer. Try again, or use SA_RESTART."
    EINTR ACCEPTS;
        "Um sinal (SIGCHLD de um filho, por exemplo) interrompeu accept(). Continue o laço com continue, ou use SA_RESTART."
        "A signal (a child's SIGCHLD, say) interrupted accept(). Go on with the loop by continue, or use SA_RESTART."
    EINTR &["connect"];
        "Um sinal interrompeu a espera; o handshake continua. Não chame connect() de novo: espere com poll(POLLOUT)."
        "A signal interrupted the wait; the handshake goes on. Do not call connect() again: wait with poll(POLLOUT)."
    EINTR WAITS;
        "Um sinal interrompeu a espera. poll() e select() nunca recomeçam sozinhos, nem com SA_RESTART: chame de novo."
        "A signal interrupted the wait. poll() and select() never go on by themselves, not even with SA_RESTART: call again."
    EINTR SLEEPS;
        "Um sinal acordou o processo antes do tempo. O que falta dormir está no segundo argumento de nanosleep()."
        "A signal woke the process before the time was over. What is left to sleep is in nanosleep()'s second argument."
    EINTR &["wait4", "waitid"];
        "Um sinal interrompeu a espera pelo filho. Chame wait() de novo."
        "A signal interrupted the wait for the child. Call wait() again."
    EINTR SEM;
        "Um sinal interrompeu a espera pelo semáforo. Chame de novo."
        "A signal interrupted the wait for the semaphore. Call it again."
    EINTR QUEUES;
        "Um sinal interrompeu a espera pela fila. Chame de novo."
        "A signal interrupted the wait for the queue. Call it again."
    EINTR &["open", "openat", "close", "flock", "fcntl", "futex", "futex_wait"];
        "Um sinal interrompeu a espera. Chame de novo, ou use SA_RESTART."
        "A signal interrupted the wait. Call again, or use SA_RESTART."
    EINTR &[];
        "Um sinal interrompeu a chamada. Tente de novo, ou use SA_RESTART."
        "A signal interrupted the call. Try again, or use SA_RESTART."

    // descriptors
    EBADF ACCEPTS;
        "O primeiro argumento não é um descritor aberto: socket() falhou (devolveu -1) ou o socket já foi fechado."
        "The first argument is no open descriptor: socket() failed (it returned -1) or the socket is closed already."
    EBADF &["bind", "listen", "connect", "setsockopt", "getsockopt", "getsockname", "getpeername", "shutdown"];
        "O primeiro argumento não é um descritor aberto: socket() falhou e o -1 passou adiante sem teste, ou houve close() antes. Teste o retorno de socket()."
        "The first argument is no open descriptor: socket() failed and its -1 was passed on untested, or close() came before. Test socket()'s return value."
    EBADF SENDS;
        "O descritor já foi fechado, nunca foi aberto (-1), ou só serve para leitura. Procure um close() antes desta linha."
        "The descriptor is closed already, was never open (-1), or is for reading only. Look for a close() before this line."
    EBADF RECEIVES;
        "O descritor já foi fechado, nunca foi aberto (-1), ou só serve para escrita. Procure um close() antes desta linha."
        "The descriptor is closed already, was never open (-1), or is for writing only. Look for a close() before this line."
    EBADF &["close"];
        "Esse descritor já está fechado: close() duas vezes. Cuidado: entre as duas o número pode ter sido dado a outro."
        "That descriptor is closed already: close() twice. Beware: in between, the number may have been given to another."
    EBADF DUPS;
        "O descritor a copiar não está aberto, ou o número novo passa do limite."
        "The descriptor to be copied is not open, or the new number is beyond the limit."
    EBADF WAITS;
        "Um dos descritores do conjunto já foi fechado: tire-o com FD_CLR quando fechar."
        "One of the set's descriptors is closed already: take it out with FD_CLR when closing."
    EBADF &["epoll_ctl"];
        "O descritor do epoll, ou o que se quer vigiar, não está aberto."
        "epoll's descriptor, or the one to be watched, is not open."
    EBADF &["fstat", "newfstatat", "lseek", "ftruncate", "ioctl", "mmap", "fsync", "getdents64"];
        "O descritor não está aberto, ou não do modo (leitura, escrita) que a chamada precisa."
        "The descriptor is not open, or not in the mode (reading, writing) that the call needs."
    EBADF QUEUES;
        "Isso não é uma fila de mensagens aberta: mq_open() falhou, ou não foi aberta para este sentido."
        "That is no open message queue: mq_open() failed, or it was not opened for this direction."
    EBADF &[];
        "Esse número não é um descritor aberto: nunca foi, ou já foi fechado."
        "That number is no open descriptor: it never was, or it is closed already."
    EMFILE &["socket", "accept", "accept4", "socketpair", "pipe", "pipe2", "open", "openat", "dup", "dup2", "dup3", "epoll_create1", "epoll_create"];
        "O processo tem descritores demais abertos. Falta um close(): em um servidor, o da conexão depois de atender."
        "The process has too many descriptors open. A close() is missing: in a server, the connection's after serving it."
    EMFILE &[];
        "O processo atingiu um limite de objetos abertos."
        "The process has reached a limit of open objects."
    ENFILE &[];
        "O sistema inteiro tem arquivos demais abertos."
        "The whole system has too many files open."
    ENOTTY &["ioctl"];
        "O descritor não tem essa operação: ela é de terminais (ou de outro tipo de objeto)."
        "The descriptor does not have this operation: it is for terminals (or another kind of object)."
    ENOTTY &[];
        "O descritor não é um terminal."
        "The descriptor is no terminal."
    ESPIPE &[ "lseek", "pread64", "pwrite64"];
        "Sockets, pipes e terminais não têm posição: não se pode voltar neles."
        "Sockets, pipes and terminals have no position: one cannot go back in them."
    ESPIPE &[];
        "O descritor não tem posição."
        "The descriptor has no position."

    // arguments
    EINVAL ACCEPTS;
        "O socket não escuta: falta listen() antes de accept()."
        "The socket does not listen: listen() is missing before accept()."
    EINVAL &["bind"];
        "O socket já tem endereço (bind() só uma vez), ou addrlen não é o tamanho da estrutura: use sizeof addr."
        "The socket has an address already (bind() only once), or addrlen is not the structure's size: use sizeof addr."
    EINVAL &["connect"];
        "addrlen não é o tamanho da estrutura de endereço (use sizeof addr), ou o endereço não serve como destino."
        "addrlen is not the size of the address structure (use sizeof addr), or the address cannot be a destination."
    EINVAL &["listen"];
        "O socket já está conectado ou não tem endereço que sirva para escutar (em AF_UNIX faça bind() antes)."
        "The socket is connected, or has no address to listen at (with AF_UNIX bind() first)."
    EINVAL &["socket", "socketpair"];
        "O segundo argumento tem bits que não são um tipo de socket: use SOCK_STREAM ou SOCK_DGRAM (talvez os argumentos estejam trocados)."
        "The second argument has bits that are no socket type: use SOCK_STREAM or SOCK_DGRAM (perhaps the arguments are swapped)."
    EINVAL &["shutdown"];
        "O segundo argumento tem de ser SHUT_RD, SHUT_WR ou SHUT_RDWR."
        "The second argument must be SHUT_RD, SHUT_WR or SHUT_RDWR."
    EINVAL OPTIONS;
        "O valor ou o tamanho (último argumento) não é o que a opção espera: para a maioria, um int e sizeof(int)."
        "The value or its size (the last argument) is not what the option expects: for most, an int and sizeof(int)."
    EINVAL NAMES;
        "addrlen é negativo: ponha nele sizeof addr antes da chamada."
        "addrlen is negative: put sizeof addr into it before the call."
    EINVAL SENDS;
        "O endereço de destino não tem o tamanho de um endereço, ou a soma dos tamanhos é negativa ou grande demais."
        "The destination's length is not an address's, or the sum of the lengths is negative or too large."
    EINVAL RECEIVES;
        "Não há o que pediram: dados urgentes (MSG_OOB) não chegaram, ou uma flag ou tamanho não vale."
        "What was asked for is not there: no urgent data (MSG_OOB) came, or a flag or size is not valid."
    EINVAL WAITS;
        "O número de descritores é negativo ou passa do limite, ou o tempo é negativo. O primeiro argumento de select() é o maior descritor mais um."
        "The number of descriptors is negative or beyond the limit, or the time is negative. select()'s first argument is the highest descriptor plus one."
    EINVAL &["epoll_ctl", "epoll_create", "epoll_create1"];
        "O descritor não é de epoll, ou vigia a si mesmo; epoll_create() quer um tamanho maior que 0."
        "The descriptor is not epoll's, or watches itself; epoll_create() wants a size above 0."
    EINVAL DUPS;
        "O número novo não vale (negativo ou igual ao velho em dup3()), ou fcntl() não conhece o comando."
        "The new number is not valid (negative, or the old one in dup3()), or fcntl() does not know the command."
    EINVAL &["pipe", "pipe2", "open", "openat", "lseek", "mmap", "munmap", "mprotect", "ftruncate"];
        "Uma flag ou um número não vale para esta chamada (posição negativa, tamanho 0, flags que não combinam)."
        "A flag or a number is not valid for this call (negative position, size 0, flags that do not fit)."
    EINVAL SHM;
        "O tamanho não combina com o do segmento que já existe com essa chave, ou o identificador/endereço não é de um segmento."
        "The size does not fit the segment that exists with that key, or the identifier or address is no segment's."
    EINVAL SEM;
        "O número de semáforos não vale, ou esse conjunto não existe mais."
        "The number of semaphores is not valid, or that set exists no more."
    EINVAL QUEUES;
        "O nome tem de começar com uma só barra (\"/fila\"), e mq_maxmsg e mq_msgsize têm de ser maiores que 0."
        "The name must begin with a single slash (\"/queue\"), and mq_maxmsg and mq_msgsize must be above 0."
    EINVAL SIGNALS;
        "Esse número não é um sinal, ou é SIGKILL/SIGSTOP, que não podem ser tratados nem bloqueados."
        "That number is no signal, or it is SIGKILL/SIGSTOP, which cannot be handled or blocked."
    EINVAL &["clock_gettime", "clock_nanosleep", "nanosleep", "clock_settime", "setitimer", "alarm"];
        "Esse relógio não existe, ou tv_nsec não está entre 0 e 999999999."
        "That clock does not exist, or tv_nsec is not between 0 and 999999999."
    EINVAL &["wait4", "waitid", "futex", "futex_wait", "futex_wake", "pthread_join", "readv", "writev"];
        "Uma opção ou um número dado à chamada não vale."
        "An option or a number given to the call is not valid."
    EINVAL &[];
        "Um argumento tem um valor que a chamada não aceita."
        "An argument has a value that the call does not take."
    EFAULT &["bind", "connect", "sendto", "sendmsg"];
        "O ponteiro do endereço ou dos dados não aponta para memória do programa (NULL ou nunca inicializado). Passe &addr."
        "The address's or the data's pointer does not point into the program's memory (NULL or never set). Pass &addr."
    EFAULT &["accept", "accept4", "getsockname", "getpeername", "recvfrom", "recvmsg", "getsockopt", "setsockopt"];
        "Um ponteiro para resultado não aponta para memória do programa. Se não quer o endereço, passe NULL nos dois argumentos (addr e addrlen)."
        "A pointer for a result does not point into the program's memory. If the address is not wanted pass NULL for both arguments (addr and addrlen)."
    EFAULT &["read", "write", "readv", "writev", "pipe", "pipe2", "poll", "select", "pselect6", "epoll_ctl", "epoll_wait", "open", "openat", "stat", "newfstatat", "wait4", "nanosleep", "clock_gettime", "clock_nanosleep", "rt_sigaction", "execve"];
        "Um ponteiro não aponta para memória do programa: NULL, já liberado, ou um tamanho maior que o buffer."
        "A pointer does not point into the program's memory: NULL, freed already, or a size larger than the buffer."
    EFAULT &[];
        "Um ponteiro não aponta para memória do programa."
        "A pointer does not point into the program's memory."
    ENAMETOOLONG &[];
        "O nome é mais longo que o limite (sun_path tem 108 bytes)."
        "The name is longer than the limit (sun_path has 108 bytes)."
    E2BIG &[];
        "A lista (argumentos, operações) é longa demais."
        "The list (arguments, operations) is too long."
    EOVERFLOW &[];
        "O resultado não cabe no tipo do argumento."
        "The result does not fit the argument's type."
    ERANGE &["semctl", "semop", "semtimedop"];
        "O valor passa do máximo de um semáforo (32767)."
        "The value is above a semaphore's maximum (32767)."
    ERANGE &[];
        "O resultado não cabe: o buffer é pequeno, ou o número é grande demais."
        "The result does not fit: the buffer is small, or the number too large."
    EFBIG &["semop", "semtimedop"];
        "sem_num não existe nesse conjunto: os números vão de 0 até nsems - 1."
        "sem_num does not exist in that set: numbers go from 0 to nsems - 1."
    EFBIG &[];
        "O arquivo ficaria grande demais."
        "The file would become too large."

    // files and names
    ENOENT OPENS;
        "Esse arquivo não existe (confira o nome e o diretório), e falta O_CREAT se era para criá-lo."
        "That file does not exist (check name and directory), and O_CREAT is missing if it was to be made."
    ENOENT &["connect", "sendto"];
        "Nenhum socket AF_UNIX tem esse caminho: o servidor ainda não fez bind(), ou usa outro nome."
        "No AF_UNIX socket has that path: the server has not called bind() yet, or uses another name."
    ENOENT &["bind"];
        "O diretório do caminho do socket não existe."
        "The directory of the socket's path does not exist."
    ENOENT SHM;
        "Nenhum segmento tem essa chave: falta IPC_CREAT, ou o outro processo ainda não o criou."
        "No segment has that key: IPC_CREAT is missing, or the other process has not made it yet."
    ENOENT SEM;
        "Nenhum conjunto de semáforos tem essa chave: falta IPC_CREAT."
        "No set of semaphores has that key: IPC_CREAT is missing."
    ENOENT QUEUES;
        "Nenhuma fila tem esse nome: falta O_CREAT, ou o outro processo ainda não a criou."
        "No queue has that name: O_CREAT is missing, or the other process has not made it yet."
    ENOENT &["epoll_ctl"];
        "O descritor não está neste epoll: EPOLL_CTL_ADD antes de MOD ou DEL."
        "The descriptor is not in this epoll: EPOLL_CTL_ADD before MOD or DEL."
    ENOENT &["execve"];
        "Esse programa não existe: confira o caminho (\"./nome\")."
        "That program does not exist: check the path (\"./name\")."
    ENOENT &[];
        "Esse nome não existe."
        "There is no such name."
    EEXIST OPENS;
        "O nome já existe e foi pedido O_EXCL (ou mkdir)."
        "The name exists already and O_EXCL (or mkdir) was asked for."
    EEXIST SHM;
        "O segmento já existe e foi pedido IPC_EXCL: tire IPC_EXCL para usar o que há."
        "The segment exists already and IPC_EXCL was asked for: leave IPC_EXCL out to use it."
    EEXIST SEM;
        "O conjunto já existe e foi pedido IPC_EXCL."
        "The set exists already and IPC_EXCL was asked for."
    EEXIST QUEUES;
        "A fila já existe e foi pedido O_EXCL."
        "The queue exists already and O_EXCL was asked for."
    EEXIST &["epoll_ctl"];
        "O descritor já está neste epoll: use EPOLL_CTL_MOD."
        "The descriptor is in this epoll already: use EPOLL_CTL_MOD."
    EEXIST &["mkfifo", "mknod", "mknodat"];
        "O FIFO já existe: abra-o, ou apague-o com unlink()."
        "The FIFO exists already: open it, or remove it with unlink()."
    EEXIST &[];
        "O nome já existe."
        "The name exists already."
    ENOTDIR OPENS;
        "Uma parte do caminho não é um diretório."
        "A part of the path is no directory."
    ENOTDIR &["bind", "connect"];
        "Uma parte do caminho do socket não é um diretório."
        "A part of the socket's path is no directory."
    ENOTDIR &[];
        "Uma parte do caminho não é um diretório."
        "A part of the path is no directory."
    EISDIR OPENS;
        "É um diretório: não se abre para escrever."
        "It is a directory: it cannot be opened for writing."
    EISDIR RECEIVES;
        "É um diretório: leia-o com readdir()."
        "It is a directory: read it with readdir()."
    EISDIR &[];
        "É um diretório."
        "It is a directory."
    ENXIO &["open", "openat"];
        "Com O_NONBLOCK um FIFO só abre para escrita quando alguém já o abriu para leitura (e um socket não se abre com open())."
        "With O_NONBLOCK a FIFO opens for writing only once somebody has it open for reading (and a socket is not opened by open())."
    ENXIO &[];
        "Não há quem responda desse lado."
        "There is nobody at that end."
    ELOOP &[];
        "As instâncias de epoll se observariam em círculo, ou mais de quatro níveis abaixo."
        "The epoll instances would watch each other in a circle, or more than four levels deep."
    EPROTO &["setsockopt"];
        "Grupos multicast são de datagramas: uma conexão TCP não entra em grupos."
        "Multicast groups are for datagrams: a TCP connection joins no groups."
    EADDRNOTAVAIL &["setsockopt"];
        "Este host não tem essa interface ou esse endereço, ou o socket não está no grupo."
        "This host does not have that interface or address, or the socket is not in the group."
    ENODEV &["setsockopt", "sendmsg"];
        "Este host não tem uma interface com esse nome ou número."
        "This host has no interface of that name or number."
    ENODEV &[];
        "O objeto não tem essa operação (um socket ou pipe não pode ser mapeado)."
        "The object does not have this operation (a socket or pipe cannot be mapped)."
    ENOSPC &[];
        "Não há mais lugar: falta apagar segmentos, conjuntos ou arquivos de execuções anteriores."
        "There is no more room: segments, sets or files of earlier runs were not removed."
    EIO &[];
        "O dispositivo falhou."
        "The device failed."
    EBUSY &[];
        "O objeto está em uso."
        "The object is in use."

    // processes
    ECHILD &["wait4", "waitid"];
        "O processo não tem filhos para esperar: fork() não foi chamado aqui, todos já foram esperados, ou SIGCHLD está ignorado."
        "The process has no children to wait for: fork() was not called here, all were waited for already, or SIGCHLD is ignored."
    ECHILD &[];
        "O processo não tem filhos."
        "The process has no children."
    ESRCH &["kill", "tgkill"];
        "Esse processo não existe (mais): já terminou e foi esperado, ou o número está errado."
        "There is no such process (any more): it ended and was waited for, or the number is wrong."
    ESRCH &["pthread_join", "pthread_detach"];
        "Essa thread não existe: já foi esperada, ou o identificador não veio de pthread_create()."
        "There is no such thread: it was joined already, or the identifier did not come from pthread_create()."
    ESRCH &[];
        "Esse processo não existe."
        "There is no such process."
    EDEADLK &["pthread_join"];
        "A thread espera por si mesma (ou duas esperam uma pela outra): nunca terminaria."
        "The thread waits for itself (or two wait for each other): it would never end."
    EDEADLK &[];
        "Isso nunca terminaria: cada um espera pelo outro."
        "This would never end: each waits for the other."
    EPERM &["kill", "tgkill"];
        "O processo é de outro usuário."
        "The process is another user's."
    EPERM &["socket"];
        "SOCK_RAW é só do root (CAP_NET_RAW). Para ping sem root há SOCK_DGRAM com IPPROTO_ICMP."
        "SOCK_RAW is root's only (CAP_NET_RAW). For a ping without root there is SOCK_DGRAM with IPPROTO_ICMP."
    EPERM &["setsockopt"];
        "Essa opção é só do root."
        "That option is root's only."
    EPERM &["epoll_ctl"];
        "Arquivos comuns não podem ser vigiados por epoll: estão sempre prontos."
        "Plain files cannot be watched by epoll: they are always ready."
    EPERM SHM;
        "Só quem criou o segmento (ou o root) pode apagá-lo."
        "Only whoever made the segment (or root) may remove it."
    EPERM &["connect", "sendto", "sendmsg"];
        "Este processo não pode enviar para lá (um filtro do host, ou outro dono do socket)."
        "This process may not send there (a filter of the host, or another owner of the socket)."
    EPERM &[];
        "O processo não tem permissão para isso."
        "The process has no permission for this."
    ENOMEM &[];
        "Não há memória: confira tamanhos e laços que alocam sem free()."
        "There is no memory: check sizes, and loops that allocate without free()."
    EIDRM &[];
        "O objeto foi apagado enquanto o processo esperava por ele."
        "The object was removed while the process waited for it."
    ENOEXEC &[];
        "O arquivo não é um programa."
        "The file is no program."
    ENOSYS &[];
        "Este kernel não tem essa chamada."
        "This kernel does not have that call."
};

/// The usual cause of an error of the call that `strace(1)` names so, and what to change.
pub fn cause(errno: Errno, call: &str, lang: Lang) -> &'static str {
    let (pt, en) = match find(errno, call).or_else(|| find(errno, "")) {
        Some((.., pt, en)) => (*pt, *en),
        None => ("Veja a página do manual da chamada.", "See the call's manual page."),
    };
    match lang {
        Lang::PtBr => pt,
        Lang::En => en,
    }
}

/// Whether the pair has a cause of its own, not one that holds for any call.
pub fn is_specific(errno: Errno, call: &str) -> bool {
    find(errno, call).is_some()
}

/// How many pairs of error and call have a cause of their own.
pub fn pairs() -> usize {
    CAUSES.iter().map(|(_, calls, ..)| calls.len()).sum()
}

/// The entry of a call; of no call in particular for an empty name.
fn find(errno: Errno, call: &str) -> Option<&'static Entry> {
    CAUSES.iter().find(|(e, calls, ..)| {
        *e == errno && if call.is_empty() { calls.is_empty() } else { calls.contains(&call) }
    })
}

//! What each call does when it succeeds, and what would be different without it, for whatever has no
//! sentence with values of its own. Calls are named as `strace(1)` names them.

use super::Reference;
use crate::trace::What;
use abi::Lang;

/// Calls; why (pt-BR, English); otherwise (pt-BR, English).
type Entry = (&'static [&'static str], [&'static str; 2], [&'static str; 2]);

#[rustfmt::skip]
const MEANINGS: &[Entry] = &[
    (&["socket"],
        ["É só um descritor: nenhum pacote sai antes de connect() ou listen().", "It is a descriptor only: no packet leaves before connect() or listen()."],
        ["Sem socket() não há descritor para as outras chamadas: elas falhariam com EBADF.", "Without socket() there is no descriptor for the other calls: they would fail with EBADF."]),
    (&["accept", "accept4"],
        ["Uma conexão já estabelecida saiu da fila do kernel.", "An established connection left the kernel's queue."],
        ["Sem accept() a conexão existiria mesmo assim, parada na fila; com a fila cheia, novos SYNs seriam ignorados.", "Without accept() the connection would exist all the same, waiting in the queue; once the queue is full, new SYNs would be ignored."]),
    (&["connect"],
        ["O kernel tem agora os dois endereços da conexão.", "The kernel now has both addresses of the connection."],
        ["Sem connect(), send() em TCP falharia com ENOTCONN.", "Without connect(), send() on TCP would fail with ENOTCONN."]),
    (&["sendto", "sendmsg", "sendmmsg"],
        ["Os bytes foram copiados para o kernel; o envio é por conta dele.", "The bytes were copied into the kernel; sending them is its business."],
        ["Se o buffer estivesse cheio, a chamada dormiria até haver lugar.", "If the buffer were full, the call would sleep until there is room."]),
    (&["recvfrom", "recvmsg", "recvmmsg"],
        ["Os bytes saíram do buffer do kernel para a memória do programa.", "The bytes went from the kernel's buffer into the program's memory."],
        ["Sem dados a chamada dormiria; se ninguém lê, o buffer enche e a janela anunciada cai a zero.", "Without data the call would sleep; if nobody reads, the buffer fills up and the advertised window goes to zero."]),
    (&["read", "readv", "pread64"],
        ["O kernel copiou o que havia: pode ser menos do que foi pedido; 0 é o fim.", "The kernel copied what there was: it may be less than was asked for; 0 is the end."],
        ["Sem nada para ler, a chamada dormiria (ou daria EAGAIN com O_NONBLOCK).", "With nothing to read the call would sleep (or give EAGAIN with O_NONBLOCK)."]),
    (&["write", "writev", "pwrite64"],
        ["O kernel ficou com os bytes: em um terminal aparecem já; em um socket ou pipe esperam o outro lado.", "The kernel has the bytes: on a terminal they show at once; in a socket or pipe they wait for the other side."],
        ["printf() sem fflush() guarda o texto no programa: write() só acontece quando o buffer enche, a linha acaba (em terminal) ou o programa termina.", "printf() without fflush() keeps the text in the program: write() happens only when the buffer is full, the line ends (on a terminal) or the program ends."]),
    (&["close", "closesocket"],
        ["Este descritor não existe mais.", "This descriptor is gone."],
        ["Sem close() o outro lado nunca veria o fim (recv() == 0), e os descritores se acumulariam até EMFILE.", "Without close() the peer would never see the end (recv() == 0), and descriptors would pile up until EMFILE."]),
    (&["shutdown"],
        ["O FIN parte depois do que ainda está no buffer; o outro sentido pode continuar.", "The FIN leaves after what is still in the buffer; the other direction may go on."],
        ["Com close() em vez de shutdown(SHUT_WR) não se poderia mais ler a resposta.", "With close() instead of shutdown(SHUT_WR) the answer could not be read any more."]),
    (&["bind"],
        ["O endereço local está reservado.", "The local address is taken."],
        ["Sem bind() o kernel escolheria uma porta efêmera.", "Without bind() the kernel would choose an ephemeral port."]),
    (&["listen"],
        ["O kernel responde agora aos SYNs.", "The kernel now answers SYNs."],
        ["Sem listen() o kernel responderia com RST.", "Without listen() the kernel would answer with a RST."]),
    (&["setsockopt"],
        ["A opção vale deste momento em diante, só para este socket.", "The option holds from now on, for this socket only."],
        ["Sem ela vale o padrão do kernel (por exemplo: sem SO_REUSEADDR, bind() falha enquanto houver TIME-WAIT).", "Without it the kernel's default holds (without SO_REUSEADDR, say, bind() fails while there is a TIME-WAIT)."]),
    (&["getsockopt"],
        ["O kernel disse o valor da opção. SO_ERROR é zerado ao ser lido.", "The kernel told the option's value. SO_ERROR is cleared by reading it."],
        ["Sem perguntar SO_ERROR, o resultado de um connect() não bloqueante não seria conhecido.", "Without asking for SO_ERROR the result of a non-blocking connect() would not be known."]),
    (&["getsockname"],
        ["É o endereço deste lado; a porta efêmera só se sabe assim.", "It is this side's address; an ephemeral port is known only this way."],
        ["Sem perguntar, o programa não sabe que porta o kernel escolheu.", "Without asking, the program does not know which port the kernel chose."]),
    (&["getpeername"],
        ["É o endereço do outro lado, guardado desde o handshake.", "It is the peer's address, kept since the handshake."],
        ["accept() pode dar o mesmo endereço em seus argumentos.", "accept() can give the same address in its arguments."]),
    (&["socketpair", "pipe", "pipe2"],
        ["São duas pontas dentro do mesmo kernel: o que entra em uma sai na outra.", "They are two ends inside the same kernel: what goes into one comes out of the other."],
        ["Feche as pontas que não usa: enquanto alguém puder escrever, quem lê nunca vê o fim.", "Close the ends that are not used: as long as anybody can write, the reader never sees the end."]),
    (&["dup", "dup2", "dup3"],
        ["Dois números apontam para a mesma descrição: posição e flags são comuns.", "Two numbers point to the same description: position and flags are shared."],
        ["O socket só fecha quando o último descritor fechar.", "The socket closes only when the last descriptor does."]),
    (&["fcntl"],
        ["Mudou (ou leu) flags do descritor ou da descrição.", "It changed (or read) flags of the descriptor or of the description."],
        ["Sem O_NONBLOCK as chamadas neste descritor esperam; sem FD_CLOEXEC ele passa por execve().", "Without O_NONBLOCK calls on this descriptor wait; without FD_CLOEXEC it survives execve()."]),
    (&["ioctl"],
        ["O kernel respondeu sobre este objeto em particular.", "The kernel answered about this object in particular."],
        ["Cada tipo de objeto tem seus pedidos; outro daria ENOTTY.", "Each kind of object has its requests; another would give ENOTTY."]),
    (&["poll", "ppoll", "select", "pselect6", "epoll_wait", "epoll_pwait"],
        ["O kernel disse quais descritores não fariam a próxima chamada dormir.", "The kernel told which descriptors would not make the next call sleep."],
        ["Sem isso o processo dormiria em um só descritor e não veria os outros.", "Without it the process would sleep on a single descriptor and not see the others."]),
    (&["epoll_create", "epoll_create1", "epoll_ctl"],
        ["O kernel guarda a lista de descritores a vigiar: não precisa ser passada a cada vez, como em poll().", "The kernel keeps the list of descriptors to watch: it need not be passed each time, as with poll()."],
        ["Um descritor fora da lista nunca aparece em epoll_wait().", "A descriptor that is not in the list never shows in epoll_wait()."]),
    (&["clone", "fork", "vfork"],
        ["Há agora dois processos com a mesma memória (copiada) e os mesmos descritores (compartilhados).", "There are two processes now with the same memory (copied) and the same descriptors (shared)."],
        ["Em um servidor: sem fork() (ou threads, ou poll()) um cliente lento deixaria os outros esperando.", "In a server: without fork() (or threads, or poll()) one slow client would keep the others waiting."]),
    (&["clone3", "pthread_join", "pthread_detach"],
        ["Threads do mesmo processo: memória e descritores são os mesmos.", "Threads of the same process: memory and descriptors are the same."],
        ["Sem pthread_join() o fim de main() acabaria com todas as threads.", "Without pthread_join() the end of main() would end all threads."]),
    (&["execve"],
        ["A imagem do processo é trocada; o número e os descritores sem FD_CLOEXEC ficam.", "The process's image is replaced; its number and descriptors without FD_CLOEXEC stay."],
        ["Se tivesse falhado, o programa antigo continuaria na linha seguinte.", "Had it failed, the old program would go on with the next line."]),
    (&["wait4", "waitid"],
        ["O pai recebe o status do filho e o kernel pode esquecê-lo.", "The parent gets the child's status, and the kernel can forget the child."],
        ["Sem wait() o filho terminado ficaria como zumbi na tabela de processos.", "Without wait() the ended child would stay a zombie in the table of processes."]),
    (&["exit", "exit_group"],
        ["O processo termina aqui; o kernel fecha tudo o que ele tinha aberto.", "The process ends here; the kernel closes all that it had open."],
        ["Sem exit(), o fim de main() faria o mesmo.", "Without exit(), the end of main() would do the same."]),
    (&["kill", "tgkill", "rt_sigqueueinfo"],
        ["O sinal está pendente para o destinatário; ele age quando for a vez dele de rodar.", "The signal is pending for its receiver, who acts when it is its turn to run."],
        ["Um sinal não leva dados e não faz fila: dois iguais pendentes contam como um.", "A signal carries no data and does not queue: two alike that are pending count as one."]),
    (&["rt_sigaction"],
        ["O kernel sabe agora o que fazer quando este sinal chegar.", "The kernel knows now what to do when this signal comes."],
        ["Sem tratador vale a ação padrão: para a maioria dos sinais, terminar o processo.", "Without a handler the default holds: for most signals, ending the process."]),
    (&["rt_sigprocmask", "rt_sigsuspend", "rt_sigtimedwait", "rt_sigpending"],
        ["Sinais bloqueados esperam, pendentes, até serem desbloqueados.", "Blocked signals wait, pending, until they are unblocked."],
        ["Sem bloquear, o tratador poderia rodar no meio de qualquer instrução.", "Without blocking, the handler could run in the middle of anything."]),
    (&["rt_sigreturn"],
        ["O tratador terminou; o processo volta ao ponto em que foi interrompido.", "The handler is done; the process goes back to where it was interrupted."],
        ["Uma chamada interrompida recomeça se o tratador tem SA_RESTART; senão devolve EINTR.", "An interrupted call starts again if the handler has SA_RESTART; otherwise it returns EINTR."]),
    (&["alarm", "setitimer", "getitimer", "timerfd_create", "timerfd_settime", "timerfd_gettime"],
        ["O kernel marcou um instante; o programa segue sem esperar.", "The kernel noted a moment; the program goes on without waiting."],
        ["Sem tratador, SIGALRM terminaria o processo.", "Without a handler SIGALRM would end the process."]),
    (&["clock_nanosleep", "nanosleep", "pause"],
        ["O processo cedeu o processador e foi acordado.", "The process gave up the processor and was woken."],
        ["Um laço vazio no lugar gastaria o processador sem deixar os outros rodarem.", "An empty loop instead would use up the processor and keep the others from running."]),
    (&["clock_gettime", "gettimeofday", "time", "times"],
        ["É o relógio deste host: pode estar adiantado, atrasado ou com outro passo que os demais.", "It is this host's clock: it may be ahead, behind, or of another pace than the others."],
        ["Para ordenar eventos de hosts diferentes, relógios lógicos não dependem disso.", "To order events of different hosts, logical clocks do not depend on it."]),
    (&["mmap", "munmap", "mprotect"],
        ["Páginas de memória passaram a existir (ou deixaram de existir) para o processo.", "Pages of memory came to exist (or ceased to exist) for the process."],
        ["Com MAP_SHARED os processos que mapeiam o mesmo objeto veem as escritas uns dos outros; com MAP_PRIVATE, não.", "With MAP_SHARED processes that map the same object see each other's writes; with MAP_PRIVATE they do not."]),
    (&["shmget", "shmat", "shmdt", "shmctl"],
        ["O segmento é do kernel, não do processo: outros o alcançam pela mesma chave.", "The segment is the kernel's, not the process's: others reach it by the same key."],
        ["Sem shmctl(IPC_RMID) ele fica mesmo depois que todos os processos terminam.", "Without shmctl(IPC_RMID) it stays even after all processes have ended."]),
    (&["semget", "semop", "semtimedop", "semctl"],
        ["O kernel conta: quem chega a zero dorme, quem aumenta acorda os outros.", "The kernel counts: whoever meets zero sleeps, whoever raises wakes the others."],
        ["Sem o semáforo dois processos poderiam estar na região crítica ao mesmo tempo.", "Without the semaphore two processes could be in the critical region at once."]),
    (&["futex"],
        ["Só o caso lento chega ao kernel: um mutex livre é tomado sem chamada nenhuma.", "Only the slow case reaches the kernel: a free mutex is taken without any call."],
        ["Sem o mutex as threads leriam e escreveriam a mesma memória em qualquer ordem.", "Without the mutex the threads would read and write the same memory in any order."]),
    (&["mq_open", "mq_timedsend", "mq_timedreceive", "mq_getsetattr", "mq_unlink", "msgget", "msgsnd", "msgrcv", "msgctl"],
        ["Uma fila do kernel guarda mensagens inteiras, com prioridade, até alguém lê-las.", "A queue of the kernel keeps whole messages, with priority, until somebody reads them."],
        ["Em um pipe as fronteiras entre as mensagens se perderiam.", "In a pipe the boundaries between the messages would be lost."]),
    (&["open", "openat", "creat"],
        ["O menor número livre aponta agora para o arquivo.", "The lowest free number now points to the file."],
        ["Sem O_CREAT um nome que não existe daria ENOENT; sem O_TRUNC o conteúdo antigo fica.", "Without O_CREAT a name that does not exist would give ENOENT; without O_TRUNC the old content stays."]),
    (&["unlink", "unlinkat", "rename", "renameat", "mkdir", "mkdirat", "rmdir", "mknod", "mknodat", "chmod", "truncate", "ftruncate", "fsync", "fdatasync", "flock", "umask"],
        ["O nome ou o arquivo mudou no sistema de arquivos deste host.", "The name or the file changed in this host's file system."],
        ["Quem já tem o arquivo aberto continua com ele, mesmo sem nome.", "Whoever has the file open keeps it, even without a name."]),
    (&["access", "stat", "newfstatat", "fstat", "lstat", "getcwd", "chdir", "getdents64", "lseek"],
        ["O kernel respondeu sobre o nome, o arquivo ou a posição.", "The kernel answered about the name, the file or the position."],
        ["stdio pergunta isto uma vez para saber se escreve em um terminal (por linha) ou não (por bloco).", "stdio asks this once to know whether it writes to a terminal (by line) or not (by block)."]),
    (&["getpid", "getppid", "gettid", "getuid", "geteuid", "getgid", "getegid", "getpgrp", "getpgid", "setpgid", "getsid", "setsid", "setuid", "setgid", "setresuid", "uname", "getrusage", "prlimit64", "getrlimit", "setrlimit", "prctl"],
        ["O kernel disse (ou mudou) quem é o processo e o que pode.", "The kernel told (or changed) who the process is and what it may do."],
        ["O mesmo número em outro host é outro processo.", "The same number on another host is another process."]),
    (&["sched_yield"],
        ["O processo cedeu a vez a quem também quer o processador.", "The process gave its turn to others that want the processor."],
        ["Sem ceder, rodaria até o fim de sua fatia.", "Without giving way it would run to the end of its share."]),
    (&["getaddrinfo", "getnameinfo"],
        ["O nome virou endereço (ou o contrário): por /etc/hosts aqui; em geral também por DNS.", "The name became an address (or the reverse): by /etc/hosts here; in general by DNS too."],
        ["Com o endereço escrito no programa, ele só serviria para um host.", "With the address written into the program, it would serve one host only."]),
    (&["WSAStartup", "WSACleanup"],
        ["O Windows carregou (ou largou) a biblioteca de sockets para este processo.", "Windows loaded (or dropped) the socket library for this process."],
        ["Sem WSAStartup() toda chamada falharia com WSANOTINITIALISED.", "Without WSAStartup() every call would fail with WSANOTINITIALISED."]),
    (&["sendfile"],
        ["O kernel copiou de um descritor a outro sem passar pelo programa.", "The kernel copied from one descriptor to another without passing through the program."],
        ["Com read() e write() os bytes fariam duas viagens a mais.", "With read() and write() the bytes would make two more trips."]),
    (&["eventfd2", "signalfd4"],
        ["Um contador (ou sinais) passa a ser lido como um descritor, e pode ser vigiado por poll().", "A counter (or signals) can be read as a descriptor, and watched by poll()."],
        ["Sem ele, um laço com poll() precisaria de um pipe para ser acordado.", "Without it a loop with poll() would need a pipe to be woken."]),
];

/// Why a call that succeeded matters, and what would be otherwise.
pub(super) fn meaning(call: &str, lang: Lang) -> Option<(&'static str, &'static str)> {
    let (_, why, otherwise) = MEANINGS.iter().find(|(calls, ..)| calls.contains(&call))?;
    let language = match lang {
        Lang::PtBr => 0,
        Lang::En => 1,
    };
    Some((why[language], otherwise[language]))
}

/// The same for records that are no calls: why, otherwise, and where it is written.
pub(super) fn record(what: &What, lang: Lang) -> Option<(&'static str, &'static str, Reference)> {
    let (why, otherwise, written): ([&str; 2], [&str; 2], Reference) = match what {
        What::ProcessStart { .. } => (
            [
                "Todo processo começa com três descritores abertos: 0, 1 e 2, o terminal.",
                "Every process begins with three descriptors open: 0, 1 and 2, the terminal.",
            ],
            [
                "Por isso o primeiro socket() costuma devolver 3: o menor número livre.",
                "That is why the first socket() usually returns 3: the lowest free number.",
            ],
            Reference::Man("stdin", 3),
        ),
        What::ThreadStart { .. } => (
            [
                "As threads de um processo veem as mesmas variáveis globais e os mesmos descritores.",
                "A process's threads see the same global variables and the same descriptors.",
            ],
            [
                "Com fork() em vez disso cada um teria sua cópia da memória.",
                "With fork() instead each would have a copy of the memory.",
            ],
            Reference::Man("pthread_create", 3),
        ),
        What::ThreadEnd => (
            [
                "A função da thread retornou (ou chamou pthread_exit()); o processo continua.",
                "The thread's function returned (or called pthread_exit()); the process goes on.",
            ],
            [
                "Um return de main() ou exit() acabaria com o processo inteiro.",
                "A return from main() or exit() would end the whole process.",
            ],
            Reference::Man("pthread_exit", 3),
        ),
        What::Burst { .. } => (
            [
                "Contas e memória são assunto do programa: o kernel só aparece em chamadas.",
                "Computing and memory are the program's business: the kernel comes in at calls only.",
            ],
            [
                "Um laço sem chamadas só para quando a fatia de tempo acaba.",
                "A loop without calls stops only when its share of time is over.",
            ],
            Reference::Man("sched", 7),
        ),
        What::Output { .. } => (
            [
                "write() no descritor 1 ou 2 chegou ao terminal.",
                "A write() on descriptor 1 or 2 reached the terminal.",
            ],
            [
                "printf() sem newline nem fflush() teria ficado no buffer do programa.",
                "printf() without newline or fflush() would have stayed in the program's buffer.",
            ],
            Reference::Man("stdout", 3),
        ),
        What::Input { .. } => (
            [
                "O texto espera no terminal até que o programa leia o descritor 0.",
                "The text waits in the terminal until the program reads descriptor 0.",
            ],
            [
                "Sem ler, o programa nunca o veria; Ctrl+D em linha vazia dá fim de arquivo.",
                "Without reading, the program would never see it; Ctrl+D on an empty line gives end of file.",
            ],
            Reference::Man("termios", 3),
        ),
        What::Reaped { .. } => (
            [
                "O status ficou guardado no kernel até que o pai chamou wait().",
                "The kernel kept the status until the parent called wait().",
            ],
            [
                "Um pai que nunca chama wait() acumula zumbis.",
                "A parent that never calls wait() piles up zombies.",
            ],
            Reference::Man("wait", 2),
        ),
        What::Signal { .. } | What::SignalSent { .. } => (
            [
                "Um sinal interrompe o processo quando ele volta do kernel.",
                "A signal interrupts the process when it returns from the kernel.",
            ],
            [
                "SIGKILL e SIGSTOP não podem ser tratados, bloqueados nem ignorados.",
                "SIGKILL and SIGSTOP can be neither handled, blocked nor ignored.",
            ],
            Reference::Man("signal", 7),
        ),
        What::ProcessExit { .. } => (
            [
                "O kernel fecha todos os descritores dele; conexões recebem FIN ou RST.",
                "The kernel closes all of its descriptors; connections get a FIN or a RST.",
            ],
            [
                "Se há um pai, o status espera pelo wait() dele; até lá o processo é um zumbi.",
                "If there is a parent, the status waits for its wait(); until then this is a zombie.",
            ],
            Reference::Man("exit_group", 2),
        ),
        What::PacketDropped { .. } => (
            [
                "O pacote chegou, mas o kernel não o entrega a ninguém.",
                "The packet came, but the kernel hands it to nobody.",
            ],
            [
                "Dados de TCP são repetidos por quem os enviou; um RST, um ACK sozinho ou um datagrama UDP, por ninguém.",
                "TCP's sender repeats data; a RST, a mere ACK or a UDP datagram is repeated by nobody.",
            ],
            Reference::Rfc(1122, "3.2"),
        ),
        What::Fault { .. } | What::Race { .. } => (
            [
                "C deixa isto indefinido: em Linux pode parecer funcionar, dar lixo ou SIGSEGV.",
                "C leaves this undefined: on Linux it may seem to work, give garbage, or SIGSEGV.",
            ],
            [
                "Aqui o programa para na linha certa, como com -fsanitize=address,undefined.",
                "Here the program stops at the right line, as with -fsanitize=address,undefined.",
            ],
            Reference::Man("signal", 7),
        ),
        What::Acted { .. } => (
            [
                "Não foi o programa nem o kernel: foi você ou o cenário.",
                "Neither the program nor the kernel did it: you did, or the scenario.",
            ],
            [
                "O ramo original continua existindo: compare os dois.",
                "The original branch is still there: compare the two.",
            ],
            Reference::Man("tc-netem", 8),
        ),
        _ => return None,
    };
    let language = match lang {
        Lang::PtBr => 0,
        Lang::En => 1,
    };
    Some((why[language], otherwise[language], written))
}

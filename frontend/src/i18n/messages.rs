//! The table: a message, its values, its text in pt-BR and in English, by the part of the page that
//! says it.

messages! {
    // header
    Lesson => "Lição", "Lesson";
    Kernel => "Quem responde às chamadas", "Who answers the calls";
    Simulated => "Simulado", "Simulated";
    Real => "Real", "Real";
    Share => "Compartilhar", "Share";
    Shared => "Link copiado", "Link copied";
    OtherLanguage => "EN: English", "PT: português";
    OtherLanguageShort => "EN", "PT";
    OtherLanguageTag => "en", "pt-BR";
    ThemeAuto => "Tema: do sistema", "Theme: system";
    ThemeLight => "Tema: claro", "Theme: light";
    ThemeDark => "Tema: escuro", "Theme: dark";
    Help => "Ajuda e teclas", "Help and keys";
    PageTitle => "Soquete · laboratório de sockets", "Soquete · a sockets lab";
    SkipToCode => "Ir para o código", "Skip to the code";
    SkipToTime => "Ir para os controles de tempo", "Skip to the time controls";
    SkipToStory => "Ir para a explicação", "Skip to the explanation";
    Restore => "Restaurar original", "Restore original";

    // regions
    RegionStory => "Explicação", "Explanation";
    RegionCode => "Código", "Code";
    RegionStage => "Hosts e rede", "Hosts and network";
    RegionViews => "Vistas", "Views";
    RegionInspector => "Inspetor", "Inspector";
    RegionTime => "Tempo", "Time";
    PanelCode => "Código", "Code";
    PanelStage => "Hosts", "Hosts";
    PanelViews => "Rede", "Network";
    PanelInspector => "Pacote", "Packet";
    Panels => "Painéis", "Panels";

    // narration
    StepOf { n: usize, of: usize } => "Passo {n} de {of}", "Step {n} of {of}";
    AtStart => "Tudo pronto, nada aconteceu ainda. Avance para ver o primeiro passo.",
        "Everything is ready and nothing has happened yet. Step forward to see the first step.";
    NewVersion => "Há uma versão nova desta página; ela vale a partir da próxima vez que você a abrir.",
        "There is a new version of this page; it is used the next time you open it.";
    Working => "Executando os programas…", "Running the programs…";
    NothingRan => "O programa ainda não compila. Veja os problemas abaixo do código.",
        "The program does not compile yet. See the problems below the code.";
    Stale => "O código mudou e não compila: o que você vê é da última execução boa.",
        "The code has changed and does not compile: what you see is the last good run.";
    Endless { who: String, line: u32, time: String } =>
        "{who} executa sem parar na linha {line}, sem fazer chamada alguma: a simulação parou em {time}. Um laço sem fim?",
        "{who} keeps running at line {line} without making any call: the simulation stopped at {time}. An endless loop?";
    Limit { events: u64 } => "A execução foi interrompida depois de {events} eventos; avance para ver o que houve.",
        "The run was stopped after {events} events; step through to see what happened.";


    Arrived { packet: String, host: String } => "{packet} chegou ao host {host}.", "{packet} arrived at host {host}.";

    // transport
    Controls => "Controles de tempo", "Time controls";
    Start => "Início", "Start";
    Back => "Voltar", "Back";
    Play => "Reproduzir", "Play";
    Pause => "Pausar", "Pause";
    Forward => "Avançar", "Forward";
    End => "Fim", "End";
    Timeline => "Linha do tempo", "Timeline";
    TimelineText { n: usize, of: usize, time: String, what: String } =>
        "Passo {n} de {of}, {time}, {what}", "Step {n} of {of}, {time}, {what}";
    Speed => "Velocidade", "Speed";
    Clock => "Relógio", "Clock";
    TimeOptions => "Passos, velocidade e relógio", "Steps, speed and clock";
    ClockEvents => "por evento", "by event";
    ClockTime => "tempo simulado", "simulated time";
    Lanes => "Panorama da execução: uma faixa por host e uma para a rede",
        "Overview of the run: one lane for each host and one for the network";

    // code
    ArgsOf { name: String } => "Argumentos de {name}", "Arguments of {name}";
    Args => "argumentos", "arguments";
    EditorOf { name: String } => "Editor de {name}", "Editor of {name}";
    Programs => "Programas", "Programs";
    Problems { n: usize } => "Problemas ({n})", "Problems ({n})";
    Problem { line: u32, text: String } => "linha {line}: {text}", "line {line}: {text}";
    ProblemAt { line: usize, column: usize, text: String } => "linha {line}, coluna {column}: {text}", "line {line}, column {column}: {text}";
    Fix { text: String } => "Trocar por: {text}", "Replace by: {text}";
    FixInsert { text: String } => "Inserir: {text}", "Insert: {text}";
    FixDelete => "Remover", "Remove";
    BlockedIn { call: String } => "bloqueado em {call}", "blocked in {call}";
    Running => "executando", "running";
    Ready => "pronto para executar", "ready to run";
    Sleeping => "dormindo", "sleeping";
    Stopped => "parado", "stopped";
    NotStarted => "ainda não começou", "not started yet";
    ExitedWith { status: i32 } => "terminou com status {status}", "exited with status {status}";
    KilledBy { signal: String } => "encerrado por {signal}", "killed by {signal}";
    Zombie => "zumbi", "zombie";

    // stage
    Host { name: String } => "Host {name}", "Host {name}";
    Process { pid: i32 } => "pid {pid}", "pid {pid}";
    Descriptors { pid: i32 } => "Descritores do processo {pid}", "Descriptors of process {pid}";
    Fd => "fd", "fd";
    PointsTo => "aponta para", "points to";
    Terminal => "terminal", "terminal";
    SocketN { n: u32 } => "socket #{n}", "socket #{n}";
    SocketsOf { host: String } => "Sockets de {host}", "Sockets of {host}";
    RecvQueue => "recepção", "receive";
    SendQueue => "envio", "send";
    SynQueue => "fila SYN", "SYN queue";
    AcceptQueue => "fila accept", "accept queue";
    QueueText { used: u64, room: u64 } => "{used} de {room}", "{used} of {room}";
    TimerIn { name: String, time: String } => "{name} em {time}", "{name} in {time}";
    WireLabel { n: usize } => "Rede com {n} pacotes em voo. A lista completa está na vista Pacotes.",
        "Network with {n} packets in flight. The Packets view has the whole list.";
    Link { delay: String, loss: String } => "{delay} · perda {loss}", "{delay} · loss {loss}";
    CableDown => "cabo desconectado", "cable unplugged";
    MoreProcesses { n: usize } => "+ {n} outros processos", "+ {n} other processes";
    MoreMemory { n: usize } => "{n} outros processos não são mostrados; selecione um no palco para ver o dele.", "{n} other processes are not shown; select one on the stage to see its memory.";
    ProcessLimit { n: usize } => "A execução foi interrompida com {n} processos vivos ao mesmo tempo: fork() sem fim?", "The run was stopped with {n} processes alive at once: fork() without end?";
    NoProcess => "nenhum processo", "no process";

    // views
    ViewLesson => "Lição", "Lesson";
    GoalReached => "feito", "done";
    GoalOpen => "a fazer", "to do";
    Right => "Certo.", "Right.";
    Wrong => "Não é isso.", "Not that.";
    Minutes { n: u32 } => "cerca de {n} minutos", "about {n} minutes";
    Goals => "Objetivos", "Goals";
    ViewLadder => "Sequência", "Sequence";
    ViewPackets => "Pacotes", "Packets";
    ViewStates => "Estados TCP", "TCP states";
    ViewCalls => "Chamadas", "Calls";
    ViewTerminals => "Terminais", "Terminals";
    ViewMemory => "Memória", "Memory";
    RealMode => "De verdade", "For real";
    ViewReal => "Sockets reais", "Real sockets";
    ViewConsole => "Console", "Console";
    LadderLabel { packets: usize, calls: usize } =>
        "Diagrama de sequência com {packets} pacotes e {calls} chamadas até aqui. As vistas Pacotes e Chamadas têm os mesmos dados em tabelas.",
        "Sequence diagram with {packets} packets and {calls} calls so far. The Packets and Calls views have the same data as tables.";
    App => "programa", "program";
    KernelLine => "kernel", "kernel";
    NoPackets => "Nenhum pacote ainda. Avance: o primeiro aparece quando o cliente chama connect().",
        "No packets yet. Step forward: the first one appears when the client calls connect().";
    NoCalls => "Nenhuma chamada ainda.", "No calls yet.";
    NoConnections => "Nenhum socket TCP ainda.", "No TCP socket yet.";
    NoOutput => "Nada escrito ainda.", "Nothing written yet.";
    NoMemory => "Nenhum processo com memória a mostrar neste passo.", "No process with memory to show at this step.";
    Filter => "Filtrar pacotes", "Filter packets";
    NextOfSocket => "Ir ao próximo pacote dele", "Go to its next packet";
    LastOfSocket => "Ir ao pacote anterior dele", "Go to its packet before";
    ToProcess { name: String } => "Inspecionar quem o tem: {name}", "Inspect who has it: {name}";
    QueueOver => "acima do limite: o último pedaço entra inteiro", "above the limit: the last piece goes in whole";
    KnobHub => "Hub: cada quadro vai a todos os hosts", "Hub: every frame goes to every host";
    LessonHint => "Com as setas se escolhe; Enter abre a lição", "Arrows choose; Enter opens the lesson";
    FixCpp => "Dar ao arquivo o nome .cpp", "Name the file .cpp";
    FixWindows => "Pôr Windows neste host", "Put Windows on this host";
    FixQuotes => "Trocar todas por aspas de C", "Make all of them C's quotes";
    Completions { n: usize } => "{n} nomes que cabem aqui", "{n} names that fit here";
    KindHeader => "cabeçalho", "header";
    KindOwn => "deste texto", "of this text";
    KindFunction => "função", "function";
    KindType => "tipo", "type";
    KindStructure => "estrutura", "structure";
    KindMember { of: String } => "membro de {of}", "member of {of}";
    KindConstant => "constante", "constant";
    KindVariable => "variável", "variable";
    FilterHint => "tcp.flags.syn == 1 · tcp.len > 0 · ip.src == 10.0.0.1 · texto", "tcp.flags.syn == 1 · tcp.len > 0 · ip.src == 10.0.0.1 · text";
    FilterBad { text: String } => "Não entendi “{text}”. Assim: tcp.port == 5000 && !arp", "I do not understand “{text}”. Like this: tcp.port == 5000 && !arp";
    FilterField { text: String } => "Não há o campo “{text}” aqui. Há tcp.port, tcp.flags.syn, ip.src, udp.len, icmp.type, …", "There is no field “{text}” here. There are tcp.port, tcp.flags.syn, ip.src, udp.len, icmp.type, …";
    FilterCount { n: usize, of: usize } => "{n} de {of}", "{n} of {of}";
    ColNumber => "Nº", "No.";
    ColTime => "Tempo", "Time";
    ColFrom => "Origem", "Source";
    ColTo => "Destino", "Destination";
    ColProtocol => "Protocolo", "Protocol";
    ColInfo => "Informação", "Info";
    ColFate => "Destino final", "Fate";
    ColProcess => "Processo", "Process";
    ColCall => "Chamada", "Call";
    ColDuration => "Duração", "Duration";
    ColReturn => "Retorno", "Return";
    ColErrno => "errno", "errno";
    ColName => "Nome", "Name";
    ColType => "Tipo", "Type";
    ColValue => "Valor", "Value";
    ColAddress => "Endereço", "Address";
    CallPending => "…", "…";
    StatesLabel { name: String, state: String } => "Diagrama de estados do TCP. {name} está em {state}.",
        "TCP state diagram. {name} is in {state}.";
    ChooseSocket => "Socket", "Socket";
    StatePath => "Caminho percorrido", "Path taken";
    StdinOf { name: String } => "Digitar para {name}", "Type to {name}";
    Send => "Enviar", "Send";
    Globals => "Variáveis globais", "Globals";
    Unset => "nunca escrito", "never set";
    Unreadable => "ilegível", "unreadable";

    // inspector
    NothingSelected => "Selecione um pacote na rede, na sequência ou na lista; um socket no palco; ou uma chamada.",
        "Select a packet on the wire, in the sequence or in the list; a socket on the stage; or a call.";
    PacketN { n: u64 } => "Pacote {n}", "Packet {n}";
    BytesOf { n: usize } => "Bytes ({n})", "Bytes ({n})";
    SentAt => "enviado", "sent";
    ArrivedAt => "chegou", "arrived";
    NeverArrives => "não chega", "never arrives";
    DropIt => "Perder", "Drop";
    DuplicateIt => "Duplicar", "Duplicate";
    DelayIt => "Atrasar 200 ms", "Delay 200 ms";
    CorruptIt => "Corromper", "Corrupt";
    KillIt => "Matar processo", "Kill process";
    GoThere => "Ir até lá", "Go there";
    Absolute => "Números de sequência absolutos", "Absolute sequence numbers";
    Close => "Fechar", "Close";
    Branches => "Ramos", "Branches";
    Original => "original", "original";
    ChangedElsewhere => "Esta lição mudou em outra aba do navegador. As duas guardam no mesmo lugar: qual texto fica?",
        "This lesson changed in another tab of the browser. Both are kept in the same place: which text stays?";
    TakeTheirs => "Usar o da outra aba", "Use the other tab's";
    KeepMine => "Manter o meu", "Keep mine";
    BranchName { n: usize, what: String } => "{n}: {what}", "{n}: {what}";

    // fates
    FatePass => "entregue", "delivered";
    FateLost => "perdido no caminho", "lost on the way";
    FateQueueFull => "fila do enlace cheia", "link queue full";
    FateUnplugged => "cabo desconectado", "cable unplugged";
    FateTooBig => "maior que a MTU", "larger than the MTU";
    FateDropped => "descartado por você", "dropped by you";
    FateDelayed => "atrasado", "delayed";
    FateCorrupted => "corrompido", "corrupted";
    FateDuplicate => "cópia", "copy";
    FateHeld => "retido", "held";
    DropChecksum => "jogado fora: soma de verificação errada", "thrown away: wrong checksum";
    DropMalformed => "jogado fora: malformado", "thrown away: malformed";
    DropNotForUs => "jogado fora: não é para este host", "thrown away: not for this host";
    DropNoSocket => "nenhum socket o esperava", "no socket wanted it";
    DropBufferFull => "jogado fora: buffer cheio", "thrown away: buffer full";
    DropAcceptQueueFull => "jogado fora: fila accept cheia", "thrown away: accept queue full";
    DropTtl => "jogado fora: TTL chegou a 0", "thrown away: TTL reached 0";
    DropNoRoute => "jogado fora: sem rota", "thrown away: no route";
    DropHostDown => "o host está desligado", "the host is off";
    DropNotThePeer => "jogado fora: não vem do par conectado", "thrown away: not from the connected peer";
    DropFiltered => "jogado fora: uma regra do filtro", "thrown away: a rule of the filter";
    DropUnsupported => "jogado fora: sem uso aqui", "thrown away: no use for it here";
    FateFlying => "em voo", "in flight";

    // real
    Recording => "Gravação", "Recording";
    RecordingStep { n: usize, of: usize } => "Gravação: passo {n} de {of}", "Recording: step {n} of {of}";
    Recorded => "gravado", "recorded";
    Live => "ao vivo", "live";
    RealBegan { who: String } => "{who} começa.", "{who} begins.";
    RealSignal { who: String, signal: String } => "{signal} chega a {who}.", "{signal} reaches {who}.";
    RealEnded { who: String, how: String } => "{who} {how}.", "{who} {how}.";
    RealTyped { who: String } => "Foi digitado para {who}.", "Something was typed to {who}.";
    RealWaited { time: String } => "Esperou {time} no kernel.", "It waited {time} in the kernel.";
    RealIntro => "Os programas rodam aqui na página; cada chamada de sistema sobre sockets é respondida pelo kernel deste computador, através da ponte.",
        "The programs run here in the page; each system call on sockets is answered by this computer's kernel, through the bridge.";
    RealWhere => "Onde está o outro lado", "Where the other end is";
    RealThere => "Um programa com um servidor de verdade", "One program with a real server";
    RealHere => "Todos os programas neste computador", "All programs on this computer";
    RealHereNote => "Os hosts da lição viram 127.0.0.1; cada programa começa quando os anteriores esperam. Outros programas deste computador (nc, curl, um navegador) também podem falar com o servidor.",
        "The lesson's hosts become 127.0.0.1; each program starts when those before it wait. Other programs of this computer (nc, curl, a browser) can talk to the server too.";
    RealUnreachable { list: String } => "Estes endereços estão no texto e só existem na simulação: {list}. Troque-os por 127.0.0.1.",
        "These addresses are in the text and exist only in the simulation: {list}. Change them to 127.0.0.1.";
    RealPresets => "Servidores conhecidos:", "Known servers:";
    RealHost => "Servidor (host)", "Server (host)";
    RealPort => "Porta", "Port";
    RealArgs => "Argumentos", "Arguments";
    RealArgsOf { name: String } => "Argumentos de {name}", "Arguments of {name}";
    RealRun => "Executar de verdade", "Run for real";
    RealStop => "Parar tudo", "Stop everything";
    RealInterrupt => "Interromper (Ctrl+C)", "Interrupt (Ctrl+C)";
    RealProgram => "Programa", "Program";
    RealParts => "O que foi medido", "What was measured";
    PartCalls => "Chamadas", "Calls";
    PartCounters => "TCP_INFO no tempo", "TCP_INFO over time";
    PartPackets => "Pacotes capturados", "Captured packets";
    PartCompare => "Simulado × real", "Simulated × real";
    Measured => "medido", "measured";
    SimulatedMark => "simulado", "simulated";
    AnsweredHere => "página", "page";
    BridgeNone => "Sem ponte: sockets reais não estão disponíveis aqui.", "No bridge: real sockets are not available here.";
    BridgeNoneAdvice => "Inicie o programa `soquete serve` (ou `cargo xtask lab`) neste computador e abra a página pelo link que ele mostra. A simulação funciona sem ele.",
        "Start the program `soquete serve` (or `cargo xtask lab`) on this computer and open the page through the link that it prints. The simulation works without it.";
    BridgeConnecting => "Conectando à ponte…", "Connecting to the bridge…";
    BridgeReady { kernel: String } => "Ponte conectada: {kernel}", "Bridge connected: {kernel}";
    BridgeToken => "A ponte recusou o acesso: o link não tem o código secreto certo.", "The bridge refused: the link does not carry the right secret.";
    BridgeTokenAdvice => "Cada vez que o programa começa, o código é outro. Abra o link mais recente que ele mostrou, ou cole-o aqui.",
        "Each time the program starts the secret is another. Open the latest link that it printed, or paste it here.";
    BridgeLost => "A conexão com a ponte caiu.", "The connection to the bridge was lost.";
    BridgeLostWhy { why: String } => "A conexão com a ponte caiu: {why}", "The connection to the bridge was lost: {why}";
    BridgeLostAdvice => "Tudo o que foi medido continua aqui. Os sockets fecharam com a conexão: reconecte e execute de novo. Se o programa foi reiniciado, cole o link novo.",
        "Everything that was measured is still here. The sockets were closed with the connection: reconnect and run again. If the program was restarted, paste the new link.";
    BridgeVersion { theirs: u32 } => "A ponte fala a versão {theirs} do protocolo e esta página outra: recarregue a página.",
        "The bridge speaks version {theirs} of the protocol and this page another: reload the page.";
    BridgeLink => "Link da ponte", "Link of the bridge";
    BridgeUseLink => "Usar este link", "Use this link";
    Reconnect => "Reconectar", "Reconnect";
    DeniedBy { rule: String, detail: String } => "negado pela ponte ({rule}): {detail}", "denied by the bridge ({rule}): {detail}";
    CallLost => "sem resposta: a conexão caiu", "no answer: the connection was lost";
    CaptureOff => "Pacotes reais não são capturados: sem permissão de captura, a página mostra as chamadas e não inventa pacotes.",
        "Real packets are not captured: without the permission to capture, the page shows the calls and invents no packets.";
    CaptureWhy { why: String } => "A ponte diz: {why}", "The bridge says: {why}";
    CaptureOn => "Pacotes capturados de verdade.", "Packets captured for real.";
    CaptureEmpty => "Nenhum pacote capturado ainda.", "No packet captured yet.";
    ColCause => "Chamada que o causou", "Call that caused it";
    ColKernel => "Kernel", "Kernel";
    KernelSteps { n: usize } => "o que o kernel fez ({n})", "what the kernel did ({n})";
    RealEmpty => "Nenhuma chamada real ainda.", "No real calls yet.";
    RealHidden { n: usize } => "{n} mais antigas não são mostradas", "{n} older ones are not shown";
    RealRunning => "Executando em sockets reais…", "Running on real sockets…";
    RealStopped => "Parado por você: os programas foram encerrados e os sockets, fechados.", "Stopped by you: the programs were ended and their sockets closed.";
    RealPortBad => "A porta é um número de 1 a 65535.", "A port is a number from 1 to 65535.";
    RealOver => "Todos os programas terminaram.", "All programs have ended.";
    RealCut => "A conexão caiu durante a execução: os programas pararam nestas chamadas.", "The connection was lost during the run: the programs stopped at these calls.";
    RealUnsupported { name: String } => "{name} não existe em execuções reais: o programa recebeu ENOSYS da página", "{name} does not exist in real runs: the program got ENOSYS from the page";
    RealDropped { n: u64 } => "{n} medidas não chegaram a tempo e não são mostradas", "{n} measurements did not arrive in time and are not shown";
    RealOutputOf { name: String } => "Terminal de {name}", "Terminal of {name}";
    CountersEmpty => "Nenhuma conexão TCP medida ainda.", "No TCP connection measured yet.";
    CountersSocket => "conexão", "connection";
    CountersSpan { n: usize, time: String, state: String } => "{n} medidas em {time}; estado {state}", "{n} measurements in {time}; state {state}";
    AsTable => "como tabela", "as a table";
    CompareEmpty => "Execute de verdade: depois as chamadas simuladas e as reais aparecem lado a lado.", "Run for real: then the simulated and the real calls stand side by side.";
    CompareSame { n: usize } => "As {n} chamadas deram o mesmo resultado.", "All {n} calls came to the same result.";
    CompareFirst { n: usize, of: usize } => "A primeira diferença está na linha {n} de {of}.", "The first difference is in row {n} of {of}.";
    CompareHere => "primeira diferença", "first difference";
    CompareState => "comparação", "comparison";
    CompareEqual => "igual", "equal";
    CompareDiffers => "diferente", "different";
    CompareOnlySimulated => "só na simulação", "only simulated";
    CompareOnlyReal => "só de verdade", "only real";
    Waiting => "esperando…", "waiting…";


    // stage, menu
    Follow => "seguir", "follow";
    LinkQueue => "fila do enlace", "link queue";
    InFlight => "em voo", "in flight";
    Enlarge => "Ampliar as vistas", "Enlarge the views";
    MoreActions => "Mais ações", "More actions";
    SizeCode => "Largura dos programas", "Width of the programs";
    SizeStage => "Altura do palco", "Height of the stage";
    SizeInspector => "Largura do inspetor", "Width of the inspector";
    LinkN { n: usize, text: String } => "Enlace {n}: {text}", "Link {n}: {text}";
    LinkOf { n: usize, hosts: String } => "Enlace {n}: {hosts}", "Link {n}: {hosts}";
    ActOn { name: String } => "Ações para {name}", "Actions for {name}";
    ThreadsOf { name: String } => "Threads de {name}", "Threads of {name}";
    SharedDescription { n: u32 } => "{n} descritores compartilham esta abertura", "{n} descriptors share this open file description";
    HostOff => "desligado", "off";
    HostOn => "ligado", "on";
    PipeN { n: u32 } => "pipe #{n}", "pipe #{n}";
    MemoryN { n: u32, size: u64 } => "memória compartilhada #{n} · {size} bytes", "shared memory #{n} · {size} bytes";
    SemaphoreN { n: u32 } => "semáforo #{n}", "semaphore #{n}";
    QueueN { n: u32, name: String } => "fila de mensagens #{n} {name}", "message queue #{n} {name}";
    Inspect => "Inspecionar", "Inspect";
    HoldIt => "Segurar", "Hold";
    ReleaseIt => "Soltar", "Release";
    RunNext => "Executar a seguir", "Run next";
    EndInput => "Fim da entrada, Ctrl+D", "End of input, Ctrl+D";
    MoveLeft => "Mover para a esquerda", "Move left";
    MoveRight => "Mover para a direita", "Move right";
    MoveUp => "Mover para cima", "Move up";
    MoveDown => "Mover para baixo", "Move down";
    MoveBack => "Voltar ao lugar", "Put back";
    LoseSome => "Perder 30 % daqui em diante", "Lose 30 % from now on";
    LoseNone => "Não perder nada daqui em diante", "Lose nothing from now on";
    SlowDown => "Cinco vezes mais lento", "Five times slower";
    KeyTyping => "avançar, voltar, reproduzir também no editor", "forward, back, play in the editor too";
    KeyBorders => "mover a borda que tem o foco; Enter a devolve", "move the border that has the focus; Enter puts it back";
    KeyMenu => "agir sobre o que está selecionado", "act on what is selected";
    NobodyRuns => "nenhum processo o executa", "no process runs it";
    LibcCalls => "Mostrar também as chamadas da própria libc", "Show libc's own calls too";

    // world settings
    WorldSettings => "Rede e programas", "Network and programs";
    WorldShort => "Rede", "Network";
    NetworkShort { delay: String, loss: String } => "Rede: {delay} · {loss}", "Network: {delay} · {loss}";
    WorldText => "Cada mudança executa tudo de novo, desde o início, com a mesma sorte.", "Every change runs everything again from the start, with the same luck.";
    Seed => "semente do acaso", "seed of chance";
    Until => "termina em", "ends at";
    Chance => "Acaso e tempo", "Chance and time";
    StartsAt => "início", "starts at";
    File => "arquivo", "file";
    HostWord => "host", "host";
    ProgramN { n: usize } => "Programa {n}", "Program {n}";
    RemoveProgram { n: usize } => "Remover o programa {n}", "Remove program {n}";
    AddProgram => "Mais um programa", "One more program";
    AddHost => "Mais um host", "One more host";
    AddFile => "Novo arquivo", "New file";
    SettingTooLong { days: u64 } => "O maior tempo possível é de {days} dias.", "The longest possible time is {days} days.";
    WorldFull { hosts: usize, programs: usize } => "Cabem no máximo {hosts} hosts e {programs} programas.", "There is room for {hosts} hosts and {programs} programs.";
    BadSetting => "Não entendi este valor: escreva algo como 20ms, 10mbit ou 5%.", "I do not understand this value: write something like 20ms, 10mbit or 5%.";
    KnobDelay => "atraso", "delay";
    KnobJitter => "variação do atraso", "jitter";
    KnobRate => "taxa", "rate";
    KnobQueue => "fila (quadros)", "queue (frames)";
    KnobLoss => "perda", "loss";
    KnobDuplicate => "duplicação", "duplication";
    KnobCorrupt => "corrupção", "corruption";
    KnobMtu => "MTU (bytes)", "MTU (bytes)";

    // standstill
    Deadlock => "Impasse: cada um espera por outro, e ninguém pode continuar.", "Deadlock: each waits for another, and nobody can go on.";
    NothingMore => "Nada mais acontece por si só: todos os processos esperam.", "Nothing more happens by itself: every process waits.";
    WaitsConnection { fd: i32 } => "espera uma conexão em accept(), fd {fd}", "waits for a connection in accept(), fd {fd}";
    WaitsHandshake => "espera a resposta em connect()", "waits for the answer in connect()";
    WaitsPerson => "espera que alguém digite no terminal", "waits for somebody to type";
    WaitsData { fd: i32 } => "espera dados no fd {fd}", "waits for data on fd {fd}";
    WaitsRoom { fd: i32 } => "espera espaço no buffer de envio do fd {fd}", "waits for room in the send buffer of fd {fd}";
    WaitsReady { n: usize } => "espera que um de {n} descritores fique pronto", "waits for one of {n} descriptors to be ready";
    WaitsChild => "espera um filho terminar", "waits for a child to end";
    WaitsLock => "espera um mutex, uma condição ou um semáforo", "waits for a mutex, a condition or a semaphore";
    WaitsThread { tid: i32 } => "espera a thread {tid} terminar", "waits for thread {tid} to end";
    WaitsSemaphore { id: i32 } => "espera o semáforo {id}", "waits for semaphore {id}";
    WaitsQueue { fd: i32 } => "espera a fila de mensagens do fd {fd}", "waits for the message queue of fd {fd}";
    WaitsMailbox { id: i32 } => "espera a fila de mensagens {id}", "waits for message queue {id}";
    WaitsFileLock { fd: i32 } => "espera a trava do arquivo do fd {fd}", "waits for the lock of the file of fd {fd}";
    WaitsOtherEnd => "espera que alguém abra a outra ponta", "waits for somebody to open the other end";
    WaitsSignal => "espera um sinal", "waits for a signal";
    WaitsTime => "espera o tempo passar", "waits for time to pass";

    // first steps
    Tour => "Primeiros passos", "First steps";
    TourStep => "Avance três passos (→)", "Step forward three times (→)";
    TourPlay => "Reproduza (K) e veja os pacotes voarem", "Play (K) and watch packets fly";
    TourPacket => "Clique em um pacote e abra-o", "Click a packet and open it";
    TourEdit => "Mude o código: tudo executa de novo", "Change the code: everything runs again";
    TourClose => "Entendi", "Got it";

    // memory
    Heap => "Heap (malloc)", "Heap (malloc)";
    ShowBytes { name: String } => "Bytes de {name}", "Bytes of {name}";
    SizeOf { name: String, n: u64 } => "sizeof {name} = {n}", "sizeof {name} = {n}";
    ColOffset => "desloc.", "offset";
    ColBytes => "bytes", "bytes";
    ColField => "campo", "field";
    Padding => "preenchimento", "padding";
    FamilyNote { name: String } => "{name}, na ordem deste computador", "{name}, in this computer's order";
    PortNote { port: u16, other: u16 } => "a rede lê {port} (lido como uint16_t: {other})", "the network reads {port} (read as uint16_t: {other})";
    AddressNote { address: String } => "a rede lê {address}", "the network reads {address}";
    ZeroNote => "zeros até 16 bytes", "zeros up to 16 bytes";
    LittleEndian => "byte menos significativo primeiro", "least significant byte first";

    InMemory => "Na memória:", "In memory:";

    // inspector of hosts and processes
    System => "sistema", "system";
    ColState => "estado", "state";
    Router => "roteador", "router";
    Yes => "sim", "yes";
    Command => "comando", "command";
    Parent => "pai", "parent";
    Thread => "thread", "thread";
    ColLine => "linha", "line";
    AtMost { time: String } => "no máximo mais {time}", "at most {time} more";
    Description => "abertura", "description";
    Flags => "flags", "flags";

    Timer => "temporizador", "timer";
    Queued => "Conexões nas filas", "Connections in the queues";
    OpenIn => "Aberto em", "Open in";
    Writes => "escreve", "writes";
    Reads => "lê", "reads";
    Maps => "mapeia", "maps";
    Waits => "guardado", "held";
    ObjectGone => "Isto não existe mais neste momento.", "This does not exist any more at this moment.";
    NoWriter => "Ninguém mais pode escrever: quem lê recebe o que resta e depois 0 (fim).", "Nobody can write any more: a reader gets what is left and then 0 (the end).";
    NoReader => "Ninguém mais pode ler: quem escreve recebe SIGPIPE e EPIPE.", "Nobody can read any more: a writer gets SIGPIPE and EPIPE.";
    SharedNote => "As mesmas páginas em todos os processos que a mapeiam: o que um escreve, os outros leem.", "The same pages in every process that maps it: what one writes, the others read.";

    // graphs
    ViewGraphs => "Gráficos", "Graphs";
    MarkRetransmit => "retransmissão", "retransmission";
    MarkTimeout => "estouro do RTO", "RTO timeout";
    MarkRecovery => "recuperação rápida", "fast recovery";
    MarkZeroWindow => "janela zero", "zero window";
    NoSamples => "Nenhuma medida desta conexão ainda.", "No measurement of this connection yet.";
    ChartLabel { names: String, most: String } => "Gráfico de {names} ao longo do tempo; máximo {most}", "Graph of {names} over time; at most {most}";

    // tools
    Tools => "Oficina", "Workshop";
    Explorer => "Explorador de socket()", "socket() explorer";
    ExplorerText => "Cada casa é uma chamada socket(família, tipo, protocolo) feita ao kernel simulado. Escolha uma para ver por quê.",
        "Each cell is a call socket(family, type, protocol) made to the simulated kernel. Choose one to see why.";
    AsRoot => "como root", "as root";
    AskReal => "Perguntar também ao kernel deste computador", "Ask this computer's kernel too";
    MeasuredMark => "medido", "measured";
    RealBeside => "Com a ponte, o kernel deste computador responde ao lado.", "With the bridge, this computer's kernel answers beside it.";
    FamilyUnspec => "AF_UNSPEC não é uma família: diz \"qualquer uma\" em getaddrinfo() e desfaz um connect() de UDP.", "AF_UNSPEC is no family: it says \"any\" in getaddrinfo() and undoes a connect() of UDP.";
    FamilyUnix => "AF_UNIX: entre processos do mesmo computador; o endereço é um caminho ou um nome abstrato.", "AF_UNIX: between processes of one computer; the address is a path or an abstract name.";
    FamilyInet => "AF_INET: IPv4; o endereço é IP e porta, 16 bytes.", "AF_INET: IPv4; the address is IP and port, 16 bytes.";
    FamilyInet6 => "AF_INET6: IPv6; o endereço tem 28 bytes.", "AF_INET6: IPv6; the address has 28 bytes.";
    FamilyNs => "AF_NS era a família da Xerox (XNS) no BSD, número 6. No Linux 6 é AF_NETROM, rádio amador.", "AF_NS was Xerox's family (XNS) in BSD, number 6. On Linux 6 is AF_NETROM, amateur radio.";
    FamilyIso => "AF_ISO era a família dos protocolos OSI no BSD, número 7. No Linux 7 é AF_BRIDGE, que não tem sockets.", "AF_ISO was the family of the OSI protocols in BSD, number 7. On Linux 7 is AF_BRIDGE, which has no sockets.";
    FamilyNetlink => "AF_NETLINK: conversa com o próprio kernel, como fazem ip e ss.", "AF_NETLINK: talks to the kernel itself, as ip and ss do.";
    FamilyPacket => "AF_PACKET: quadros Ethernet inteiros, como usa o tcpdump.", "AF_PACKET: whole Ethernet frames, as tcpdump uses.";
    FamilyOld => "Uma família que kernels de hoje quase nunca carregam.", "A family that today's kernels hardly ever load.";
    TypeStream => "SOCK_STREAM: bytes em sequência, nos dois sentidos, sem limites de mensagem.", "SOCK_STREAM: bytes in sequence, both ways, without message boundaries.";
    TypeDgram => "SOCK_DGRAM: mensagens separadas, cada uma por si; podem se perder ou trocar de ordem.", "SOCK_DGRAM: separate messages, each on its own; they may be lost or change order.";
    TypeRaw => "SOCK_RAW: pacotes do protocolo, sem transporte; só para quem tem CAP_NET_RAW.", "SOCK_RAW: the protocol's packets without a transport; only with CAP_NET_RAW.";
    TypeRdm => "SOCK_RDM: mensagens confiáveis sem ordem; nenhuma família comum a oferece.", "SOCK_RDM: reliable messages without order; no common family offers it.";
    TypeSeqpacket => "SOCK_SEQPACKET: como STREAM, mas guarda os limites das mensagens.", "SOCK_SEQPACKET: like STREAM, but keeps message boundaries.";
    TypeDccp => "SOCK_DCCP: datagramas com controle de congestionamento; saiu do Linux em 2025.", "SOCK_DCCP: datagrams with congestion control; removed from Linux in 2025.";
    TypePacket => "SOCK_PACKET: a forma antiga de AF_PACKET, obsoleta desde o Linux 2.1.", "SOCK_PACKET: the old form of AF_PACKET, obsolete since Linux 2.1.";
    ProtocolDefault => "Protocolo 0: o padrão do tipo (TCP para STREAM, UDP para DGRAM).", "Protocol 0: the type's default (TCP for STREAM, UDP for DGRAM).";
    ProtocolIcmp => "ICMP, protocolo 1: mensagens de controle, como as do ping.", "ICMP, protocol 1: control messages, such as ping's.";
    ProtocolIgmp => "IGMP, protocolo 2: grupos de multicast.", "IGMP, protocol 2: multicast groups.";
    ProtocolGgp => "GGP, protocolo 3: entre roteadores dos anos 80; só existe por SOCK_RAW.", "GGP, protocol 3: between routers of the 1980s; only through SOCK_RAW.";
    ProtocolTcp => "TCP, protocolo 6.", "TCP, protocol 6.";
    ProtocolUdp => "UDP, protocolo 17.", "UDP, protocol 17.";
    Workshop => "Oficina de endereços", "Address workshop";
    WorkshopText => "Escreva um endereço e uma porta. Um programa em C pergunta à libc e ao kernel simulados e mostra cada byte.",
        "Write an address and a port. A C program asks the simulated libc and kernel and shows every byte.";
    Prefix => "prefixo", "prefix";
    UnixPath => "caminho (AF_UNIX)", "path (AF_UNIX)";
    PortCut { text: String, port: String } => "{text} não cabe nos 16 bits de uma porta: o C corta sem avisar, e ficou {port}.",
        "{text} does not fit the 16 bits of a port: C cuts it without a word, and {port} is left.";
    PortNoNumber { text: String, port: String } => "atoi() lê só os algarismos do começo de “{text}” e não avisa: ficou {port}. Nomes de serviços são com getaddrinfo().",
        "atoi() reads only the digits that “{text}” begins with, without a word: {port} is left. Names of services are for getaddrinfo().";
    InaddrNone => "inet_addr() devolveu INADDR_NONE (4294967295): é o valor para um erro e também para 255.255.255.255. inet_pton() distingue os dois.",
        "inet_addr() returned INADDR_NONE (4294967295): the value for a mistake, and for 255.255.255.255 too. inet_pton() tells them apart.";
    ForgottenHtons { port: String } => "Sem htons() os dois bytes ficam trocados, e a rede lê a porta {port}:", "Without htons() the two bytes are swapped, and the network reads port {port}:";
    UnixSize { n: String } => "sizeof (struct sockaddr_un) = {n}; aqui os primeiros 24 bytes.", "sizeof (struct sockaddr_un) = {n}; the first 24 bytes here.";
    TheProgram => "O programa que pergunta", "The program that asks";
    Mask => "máscara", "mask";
    NetworkAddress => "endereço da rede", "network address";
    Broadcast => "broadcast", "broadcast";

    Blocked => "bloqueada no kernel", "blocked in the kernel";

    // console
    ConsoleIntro => "Faça uma chamada de cada vez e veja o que o kernel responde: o simulado ou o deste computador.",
        "Make one call at a time and see what the kernel answers: the simulated one or this computer's.";
    ConsoleKernel => "Kernel", "Kernel";
    ConsoleEcho { ip: String, port: u16 } => "No mundo simulado do console, {ip} porta {port} ecoa TCP e UDP.", "In the console's simulated world, {ip} port {port} echoes TCP and UDP.";
    ConsoleRestart => "Recomeçar a simulação", "Restart the simulation";
    ConsoleBusy => "A chamada anterior ainda espera.", "The call before still waits.";
    ConsoleEmpty => "Nenhuma chamada ainda. Comece por socket().", "No call yet. Begin with socket().";
    ConsoleCall => "Chamada", "Call";
    ConsoleMake => "Chamar", "Call it";
    ArgDomain => "domínio", "domain";
    ArgType => "tipo", "type";
    ArgProtocol => "protocolo", "protocol";
    ArgFd => "descritor", "descriptor";
    ArgAddress => "endereço", "address";
    ArgPort => "porta", "port";
    ArgData => "dados", "data";
    ArgLength => "tamanho", "length";
    ArgBacklog => "backlog", "backlog";
    ArgHow => "como", "how";
    ArgLevel => "nível", "level";
    ArgOption => "opção", "option";
    ArgFlags => "flags", "flags";
    ArgCommand => "comando", "command";
    ArgArgument => "argumento", "argument";
    ArgRequest => "pedido", "request";
    ArgValue => "valor", "value";
    ArgEvents => "eventos", "events";
    ArgTimeout => "espera, ms", "timeout, ms";
    ArgNode => "nome", "name";
    ArgService => "serviço", "service";
    BadArgument { name: String } => "Valor inválido: {name}", "Bad value: {name}";

    // help
    HelpTitle => "Soquete em um minuto", "Soquete in one minute";
    HelpText => "Os dois programas à esquerda já foram executados em um Linux simulado. Avance passo a passo: a frase acima diz o que aconteceu e por quê. Mude o código e tudo é executado de novo. Nada que você fizer aqui estraga nada.",
        "The two programs on the left have already been run on a simulated Linux. Step through: the sentence above says what happened and why. Change the code and everything runs again. Nothing you do here can break anything.";
    HelpKeys => "Teclas", "Keys";
    HelpMarks => "Cada valor é simulado, medido (no kernel ou em uma captura real) ou inferido, e está marcado assim.",
        "Every value is simulated, measured (on the real kernel or a real capture) or inferred, and is marked so.";
    KeyPlay => "reproduzir ou pausar", "play or pause";
    KeyForward => "próximo passo", "next step";
    KeyBack => "passo anterior", "previous step";
    KeyPackets => "próximo ou anterior pacote", "next or previous packet";
    KeyStates => "próxima ou anterior mudança de estado TCP", "next or previous TCP state change";
    KeyEnds => "início ou fim", "start or end";
    KeyRun => "compilar e executar", "compile and run";
    KeySpeed => "mais rápido ou mais devagar", "faster or slower";
    KeyClock => "relógio: por evento ou tempo simulado", "clock: by event or simulated time";
    KeyRegions => "próxima ou anterior região", "next or previous region";
    KeyFocus => "código, hosts, vistas, inspetor, tempo; em Prever, a resposta", "code, hosts, views, inspector, time; in Predict, the answer";
    KeyFilter => "filtrar pacotes", "filter packets";
    KeyBreakpoint => "ponto de parada na linha", "breakpoint on the line";
    KeyContinue => "até o próximo ponto de parada", "to the next breakpoint";
    KeyLine => "próxima ou anterior linha do processo", "next or previous line of the process";
    KeyDrop => "perder ou duplicar o pacote selecionado", "drop or duplicate the selected packet";
    KeyShare => "copiar o link", "copy the link";
    KeyEscape => "fechar; no editor, Esc e Tab saem dele", "close; in the editor, Esc then Tab leaves it";
    KeyHelp => "esta ajuda", "this help";
    SingleKeys => "Atalhos de uma tecla", "Single-key shortcuts";
    LessMotion => "Menos movimento", "Less motion";
    MoreContrast => "Mais contraste", "More contrast";
    Preferences => "Preferências", "Preferences";
    ShareTitle => "Compartilhar", "Share";
    ShareText => "O link leva os programas, o cenário e o passo em que você está. Nada sai deste computador até você enviá-lo a alguém.",
        "The link carries the programs, the scenario and the step you are at. Nothing leaves this computer until you send it to somebody.";
    ShareLink { n: usize } => "Link ({n} caracteres)", "Link ({n} characters)";
    Copy => "Copiar", "Copy";
    LinkUnknown => "Não conheço este endereço da página.", "This page has no such address.";
    LinkEmpty => "O link está incompleto: não há nada depois de #p=.", "The link is incomplete: there is nothing after #p=.";
    LinkDamaged => "O link está danificado: algum caractere mudou ou falta.", "The link is damaged: some character changed or is missing.";
    LinkCut => "O link foi cortado: falta o fim.", "The link was cut: its end is missing.";
    LinkRecord { tag: String } => "Uma parte do link não é conhecida aqui ({tag}).", "One part of the link is not known here ({tag}).";
    LinkVersion { version: String } => "O link é da versão {version}, mais nova que esta página: recarregue a página.",
        "The link is of version {version}, newer than this page: reload the page.";
    LinkLesson { name: String } => "Não há lição chamada {name}.", "There is no lesson named {name}.";
    LinkLessonNear { name: String, nearest: String } => "Não há lição chamada {name}; a mais parecida é {nearest}.",
        "There is no lesson named {name}; the nearest is {nearest}.";
    LinkNothing => "Nada pôde ser aberto; mostrando a lição.", "Nothing could be opened; showing the lesson.";
    LinkRest => "O resto foi aberto.", "The rest was opened.";

    // time
    Plain { text: String } => "{text}", "{text}";
    StepBy => "Cada passo vai até", "Each step goes to";
    ByEvent => "evento", "event";
    ByStatement => "comando C", "C statement";
    ByCall => "chamada", "call";
    ByPacket => "pacote", "packet";
    ByState => "estado TCP", "TCP state";
    ByBreakpoint => "ponto de parada", "breakpoint";
    AtStatement { who: String, line: u32, n: u32, of: u32 } =>
        "{who} vai executar a linha {line} (comando {n} de {of} até a próxima chamada).",
        "{who} is about to run line {line} (statement {n} of {of} before the next call).";
    Predict => "Prever", "Predict";
    PredictHint => "Perguntar antes de cada passo", "Ask before each step";
    Prediction => "Sua previsão", "Your prediction";
    AskReturns { who: String, call: String } => "{who} chama {call}. O que acontece?", "{who} calls {call}. What happens?";
    AskState { host: String, from: String } => "Em {host} uma conexão está em {from}. Para qual estado ela vai?",
        "On {host} a connection is in {from}. Which state comes next?";
    AskSegment { host: String } => "O kernel de {host} envia um pacote. Qual?", "{host}'s kernel sends a packet. Which one?";
    AskRuns => "Quem age a seguir?", "Who acts next?";
    ItSleeps => "dorme (bloqueia)", "it sleeps (blocks)";
    KernelOf { host: String } => "o kernel de {host}", "{host}'s kernel";
    WrongItWas { right: String } => "Não. A resposta é: {right}.", "No. The answer is: {right}.";
    AskKeys => "Responda com 1, 2, 3…; Esc pula.", "Answer with 1, 2, 3…; Esc skips.";
    SkipQuestion => "Pular", "Skip";
    ScoreText { right: u32, asked: u32, streak: u32 } => "{right} de {asked} certas · {streak} seguidas",
        "{right} of {asked} right · {streak} in a row";
    ViewIntervene => "Intervir", "Intervene";
    ViewBranches => "Ramos", "Branches";
    ViewScenario => "Cenário", "Scenario";
    InterveneIntro => "Vale a partir deste passo. No passado, abre um ramo: o original fica.",
        "It holds from this step on. In the past it opens a branch: the original stays.";
    IntervenePackets => "Pacotes a caminho", "Packets on their way";
    InterveneLinks => "Enlaces", "Links";
    InterveneProcesses => "Processos", "Processes";
    InterveneThreads => "Quem roda a seguir", "Who runs next";
    InterveneHosts => "Hosts", "Hosts";
    Unplug => "Desconectar o cabo", "Unplug the cable";
    Plug => "Conectar o cabo", "Plug the cable";
    DropNext => "Perder o próximo", "Lose the next one";
    ChangeLink => "Enlace", "Link";
    LinkDelay => "Atraso (ms)", "Delay (ms)";
    LinkLoss => "Perda (%)", "Loss (%)";
    LinkRate => "Taxa (kbit/s, 0: sem limite)", "Rate (kbit/s, 0: no limit)";
    Apply => "Aplicar", "Apply";
    PauseProcess => "Pausar (SIGSTOP)", "Pause (SIGSTOP)";
    ContinueProcess => "Continuar (SIGCONT)", "Continue (SIGCONT)";
    Interrupt => "Ctrl+C (SIGINT)", "Ctrl+C (SIGINT)";
    Terminate => "Pedir o fim (SIGTERM)", "Ask to end (SIGTERM)";
    RestartProcess => "Reiniciar", "Restart";
    IsNext => "tem a vez", "has the turn";
    CrashHost => "Desligar da tomada", "Pull the plug";
    RebootHost => "Reiniciar o host", "Reboot";
    BootHost => "Ligar e iniciar os programas", "Turn on and start the programs";
    BranchesIntro => "Cada intervenção no passado abre um ramo. Todos ficam aqui até você apagar.",
        "Every intervention in the past opens a branch. All of them stay here until you delete them.";
    BranchFrom { step: usize, parent: String } => "sai de “{parent}” no passo {step}", "leaves “{parent}” at step {step}";
    BranchLabel => "Nome do ramo", "Name of branch";
    ShowBranch => "Mostrar", "Show";
    DeleteBranch => "Apagar", "Delete";
    CompareWith => "Comparar com o atual", "Compare with the present one";
    CompareBranches => "Comparar ramos", "Compare branches";
    Undo => "Desfazer", "Undo";
    Redo => "Refazer", "Redo";
    OfTheLink => "do link", "of the link";
    Comparison => "Comparação", "Comparison";
    ComparisonLabel { left: String, right: String } =>
        "Dois diagramas de sequência no mesmo eixo de tempo simulado: {left} e {right}. A frase acima diz onde se separam.",
        "Two sequence diagrams on one axis of simulated time: {left} and {right}. The sentence above says where they part.";
    SideSummary { packets: usize, lost: usize, end: String } => "{packets} pacotes, perdidos: {lost}, até {end}",
        "{packets} packets, {lost} lost, until {end}";
    FirstDifference { time: String, left: String, right: String } =>
        "A primeira diferença é em {time}: à esquerda {left}, à direita {right}.",
        "The first difference is at {time}: on the left {left}, on the right {right}.";
    NoDifference => "Nenhuma diferença.", "No difference.";
    HereTheyPart => "primeira diferença", "first difference";
    RowsLeftOut { n: usize } => "Mais {n} instantes depois destes.", "{n} more moments after these.";
    Stamps => "Relógios lógicos", "Logical clocks";
    StampsNone => "sem relógio lógico", "no logical clock";
    StampsLamport => "Lamport", "Lamport";
    StampsVector => "vetorial", "vector";

    // files
    Files => "Arquivo", "File";
    FilesTitle => "Abrir, salvar, exportar", "Open, save, export";
    OpenFiles => "Abrir", "Open";
    OpenText => "Escolha arquivos ou arraste-os para a página: programas (.c, .h, .cpp), um cenário (.toml) ou um trabalho salvo (.json).",
        "Choose files or drag them onto the page: programs (.c, .h, .cpp), a scenario (.toml) or saved work (.json).";
    ChooseFiles => "Arquivos:", "Files:";
    RestoreDraft => "Recuperar o rascunho que um link substituiu", "Get back the draft that a link replaced";
    SaveFiles => "Salvar e exportar", "Save and export";
    SavePcapng => "Pacotes (pcapng)", "Packets (pcapng)";
    SaveSvg => "Sequência (SVG)", "Sequence (SVG)";
    SavePng => "Sequência (PNG)", "Sequence (PNG)";
    SaveJson => "Traço (JSON)", "Trace (JSON)";
    SaveStrace => "Chamadas (strace)", "Calls (strace)";
    SaveZip => "Programas e cenário (zip)", "Programs and scenario (zip)";
    SaveDocument => "Tudo, para abrir aqui (json)", "Everything, to open here (json)";
    Print => "Imprimir", "Print";
    PaperSteps => "Passo a passo", "Step by step";
    PaperStep => "Passo", "Step";
    PaperTime => "Tempo", "Time";
    PaperWhat => "O que acontece, e por quê", "What happens, and why";
    PaperLink { delay: String, loss: String } => "atraso {delay}, perda {loss} %", "delay {delay}, loss {loss} %";
    PaperRest { n: usize } => "Mais {n} passos depois destes.", "{n} more steps after these.";
    NotPainted => "O navegador não conseguiu pintar a figura; salve como SVG.", "The browser could not paint the picture; save it as SVG.";
    FileTooLong { name: String } => "{name} é grande demais para um programa.", "{name} is too long for a program.";
    FileCut { name: String, line: usize } => "{name}, linha {line}: o arquivo acaba no meio", "{name}, line {line}: the file ends in the middle";
    FileNotJson { name: String, line: usize } => "{name}, linha {line}: isto não é JSON", "{name}, line {line}: this is not JSON";
    FileNotOurs { name: String, line: usize } => "{name}, linha {line}: é JSON, mas não um documento do Soquete", "{name}, line {line}: this is JSON, but no document of Soquete";
    FileUnknown { name: String } => "Não sei abrir {name}: só .c, .h, .cpp, .toml e .json.", "I cannot open {name}: only .c, .h, .cpp, .toml and .json.";
    OwnPrograms => "Meus programas", "My programs";
    ScenarioIntro => "Hosts, enlaces, programas e faltas, em TOML. Mude e tudo é executado de novo.",
        "Hosts, links, programs and faults, in TOML. Change it and everything runs again.";
    ScenarioSchema => "formato (JSON Schema)", "format (JSON Schema)";
    ShareEmbed => "Para slides e páginas do curso", "For slides and course pages";
    OpenLab => "Abrir no Soquete", "Open in Soquete";
}

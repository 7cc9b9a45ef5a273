//! Everything that the page itself says, in both languages.
//!
//! One table: a message, its values, its text in pt-BR and in English. The macro makes the enum
//! and one exhaustive `match` a language, so a missing translation does not compile. What the
//! simulator and the compiler say is translated by them (`sim::explain`, `cc::diag`).

use abi::Lang;

macro_rules! messages {
    ($($name:ident $({ $($field:ident: $ty:ty),* })? => $pt:literal, $en:literal;)*) => {
        /// A message of the page.
        #[derive(Clone, PartialEq, Debug)]
        pub(crate) enum Msg { $($name $({ $($field: $ty),* })?,)* }

        impl Msg {
            fn pt_br(&self) -> String {
                match self { $(Msg::$name $({ $($field),* })? => format!($pt),)* }
            }
            fn en(&self) -> String {
                match self { $(Msg::$name $({ $($field),* })? => format!($en),)* }
            }
        }
    };
}

impl Msg {
    /// The text in a language.
    pub(crate) fn text(&self, lang: Lang) -> String {
        match lang {
            Lang::PtBr => self.pt_br(),
            Lang::En => self.en(),
        }
    }
}

/// A time for people: `0,153 s`, `50 ms`, `12 µs`.
pub(crate) fn duration(lang: Lang, ns: u64) -> String {
    let (value, unit) = match ns {
        0..1_000 => return format!("{ns} ns"),
        1_000..1_000_000 => (ns as f64 / 1e3, "µs"),
        1_000_000..1_000_000_000 => (ns as f64 / 1e6, "ms"),
        _ => (ns as f64 / 1e9, "s"),
    };
    let digits = if value < 10.0 {
        2
    } else if value < 100.0 {
        1
    } else {
        0
    };
    number(lang, &format!("{value:.digits$} {unit}"))
}

/// A moment on the simulated clock, in seconds with microseconds.
pub(crate) fn moment(lang: Lang, ns: u64) -> String {
    number(lang, &format!("{:.6} s", ns as f64 / 1e9))
}

/// A moment for tables and diagrams: milliseconds with microseconds.
pub(crate) fn clock(lang: Lang, ns: u64) -> String {
    number(lang, &format!("{:.3} ms", ns as f64 / 1e6))
}

/// A number's text with the language's decimal separator.
pub(crate) fn number(lang: Lang, text: &str) -> String {
    match lang {
        Lang::PtBr => text.replace('.', ","),
        Lang::En => text.to_owned(),
    }
}

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
    Working => "Executando os programas…", "Running the programs…";
    NothingRan => "O programa ainda não compila. Veja os problemas abaixo do código.",
        "The program does not compile yet. See the problems below the code.";
    Stale => "O código mudou e não compila: o que você vê é da última execução boa.",
        "The code has changed and does not compile: what you see is the last good run.";
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
    FilterHint => "tcp.flags.syn == 1 · tcp.len > 0 · ip.src == 10.0.0.1 · texto", "tcp.flags.syn == 1 · tcp.len > 0 · ip.src == 10.0.0.1 · text";
    FilterBad { text: String } => "Não entendi: {text}", "I do not understand: {text}";
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
    DropUnsupported => "jogado fora: sem uso aqui", "thrown away: no use for it here";
    FateFlying => "em voo", "in flight";

    // real
    RealIntro => "O programa do cliente roda aqui na página; cada chamada de sistema é respondida pelo kernel deste computador, através da ponte.",
        "The client program runs here in the page; each system call is answered by this computer's kernel, through the bridge.";
    RealHost => "Servidor (host)", "Server (host)";
    RealPort => "Porta", "Port";
    RealRun => "Executar de verdade", "Run for real";
    RealStop => "Interromper", "Stop";
    RealProgram => "Programa", "Program";
    Measured => "medido", "measured";
    SimulatedMark => "simulado", "simulated";
    BridgeNone => "Sem ponte. Inicie o programa `soquete serve` (ou `cargo xtask lab`) neste computador e abra a página pelo link que ele mostra.",
        "No bridge. Start the program `soquete serve` (or `cargo xtask lab`) on this computer and open the page through the link that it prints.";
    BridgeConnecting => "Conectando à ponte…", "Connecting to the bridge…";
    BridgeReady { kernel: String } => "Ponte conectada: {kernel}", "Bridge connected: {kernel}";
    BridgeToken => "A ponte recusou o acesso: o link não tem o código secreto certo. Abra o link mais recente que o programa mostrou.",
        "The bridge refused: the link does not carry the right secret. Open the latest link that the program printed.";
    BridgeLost => "A conexão com a ponte caiu. O que já foi registrado continua aqui.",
        "The connection to the bridge was lost. What was recorded is still here.";
    BridgeVersion { theirs: u32 } => "A ponte fala a versão {theirs} do protocolo e esta página outra: recarregue a página.",
        "The bridge speaks version {theirs} of the protocol and this page another: reload the page.";
    Reconnect => "Reconectar", "Reconnect";
    DeniedBy { rule: String, detail: String } => "negado pela ponte ({rule}): {detail}", "denied by the bridge ({rule}): {detail}";
    CaptureOff => "Pacotes reais não são capturados: sem permissão de captura, a página mostra as chamadas e não inventa pacotes.",
        "Real packets are not captured: without the permission to capture, the page shows the calls and invents no packets.";
    CaptureOn => "Pacotes capturados de verdade.", "Packets captured for real.";
    RealEmpty => "Nenhuma chamada real ainda.", "No real calls yet.";
    RealRunning => "executando em sockets reais", "running on real sockets";
    RealEnded { status: i32 } => "terminou com status {status}", "ended with status {status}";
    RealFault { text: String } => "o programa falhou: {text}", "the program failed: {text}";
    RealUnsupported { name: String } => "a página ainda não sabe fazer {name} em sockets reais", "the page cannot do {name} on real sockets yet";
    RealOutput => "Saída do programa", "Program output";
    Waiting => "esperando…", "waiting…";

    // console
    ConsoleIntro => "Faça uma chamada de cada vez, em sockets reais, e veja o que o kernel responde.",
        "Make one call at a time, on real sockets, and see what the kernel answers.";
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
    KeyFocus => "código, hosts, vistas, inspetor, tempo", "code, hosts, views, inspector, time";
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
    HoldIt => "Segurar", "Hold";
    ReleaseIt => "Soltar", "Release";
    Unplug => "Desconectar o cabo", "Unplug the cable";
    Plug => "Conectar o cabo", "Plug the cable";
    DropNext => "Perder o próximo", "Lose the next one";
    ChangeLink => "Enlace", "Link";
    LinkDelay => "Atraso (ms)", "Delay (ms)";
    LinkLoss => "Perda (%)", "Loss (%)";
    LinkRate => "Taxa (kbit/s, 0: sem limite)", "Rate (kbit/s, 0: no limit)";
    Apply => "Aplicar", "Apply";
    PauseProcess => "Parar (SIGSTOP)", "Stop (SIGSTOP)";
    ContinueProcess => "Continuar (SIGCONT)", "Continue (SIGCONT)";
    Interrupt => "Ctrl+C (SIGINT)", "Ctrl+C (SIGINT)";
    Terminate => "Pedir o fim (SIGTERM)", "Ask to end (SIGTERM)";
    RestartProcess => "Reiniciar", "Restart";
    EndInput => "Ctrl+D (fim da entrada)", "Ctrl+D (end of input)";
    RunNext => "Roda a seguir", "Runs next";
    IsNext => "tem a vez", "has the turn";
    CrashHost => "Desligar", "Turn off";
    RebootHost => "Reiniciar o host", "Reboot";
    BootHost => "Ligar e iniciar os programas", "Turn on and start the programs";
    HostOff => "desligado", "off";
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
    SideSummary { packets: usize, lost: usize, end: String } => "{packets} pacotes, {lost} perdidos, até {end}",
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
    NotPainted => "O navegador não conseguiu pintar a figura; salve como SVG.", "The browser could not paint the picture; save it as SVG.";
    FileTooLong { name: String } => "{name} é grande demais para um programa.", "{name} is too long for a program.";
    FileBad { name: String, line: usize, text: String } => "{name}, linha {line}: {text}", "{name}, line {line}: {text}";
    FileUnknown { name: String } => "Não sei abrir {name}: só .c, .h, .cpp, .toml e .json.", "I cannot open {name}: only .c, .h, .cpp, .toml and .json.";
    OwnPrograms => "Meus programas", "My programs";
    ScenarioIntro => "Hosts, enlaces, programas e faltas, em TOML. Mude e tudo é executado de novo.",
        "Hosts, links, programs and faults, in TOML. Change it and everything runs again.";
    ScenarioSchema => "formato (JSON Schema)", "format (JSON Schema)";
    ShareEmbed => "Para slides e páginas do curso", "For slides and course pages";
    OpenLab => "Abrir no Soquete", "Open in Soquete";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_each_language_does() {
        assert_eq!(duration(Lang::PtBr, 1_530_000), "1,53 ms");
        assert_eq!(duration(Lang::En, 50_000_000), "50.0 ms");
        assert_eq!(duration(Lang::En, 999), "999 ns");
        assert_eq!(moment(Lang::PtBr, 153_000_000), "0,153000 s");
    }

    #[test]
    fn values_go_into_both_texts() {
        let step = Msg::StepOf { n: 4, of: 18 };
        assert_eq!(step.text(Lang::PtBr), "Passo 4 de 18");
        assert_eq!(step.text(Lang::En), "Step 4 of 18");
    }
}

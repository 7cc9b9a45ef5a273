//! A frame's bytes as layers of named fields, each with its byte range and a sentence.
//!
//! What to read: RFC 9293 section 3.1 (TCP), RFC 791 (IPv4), RFC 8200 (IPv6), RFC 768 (UDP),
//! RFC 792 (ICMP), RFC 826 (ARP). Reads only; wrong or short bytes give a layer that says so.
//! Missing: IPv6 extension headers, fragments beyond the first.

use abi::Lang;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;

/// A field's name and its explanation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Doc {
    /// As in the standard.
    pub(crate) name: &'static str,
    pt_br: &'static str,
    en: &'static str,
}

impl Doc {
    /// One sentence on what the field is for.
    pub(crate) fn text(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::PtBr => self.pt_br,
            Lang::En => self.en,
        }
    }
}

macro_rules! docs {
    ($($id:ident = $name:literal, $pt:literal, $en:literal;)*) => {
        $(const $id: Doc = Doc { name: $name, pt_br: $pt, en: $en };)*
    };
}

docs! {
    MAC_TO = "destination", "Endereço Ethernet de quem deve receber o quadro neste enlace.", "Ethernet address of who should receive the frame on this link.";
    MAC_FROM = "source", "Endereço Ethernet de quem pôs o quadro neste enlace.", "Ethernet address of who put the frame on this link.";
    ETHERTYPE = "type", "Diz qual protocolo vem dentro do quadro: 0x0800 é IPv4.", "Says which protocol is inside the frame: 0x0800 is IPv4.";
    IP_VERSION = "version, IHL", "Versão 4 e o tamanho do cabeçalho em palavras de 4 bytes.", "Version 4 and the header's length in words of 4 bytes.";
    IP_TOS = "DSCP, ECN", "Classe de serviço e aviso de congestionamento.", "Class of service and congestion notification.";
    IP_LENGTH = "total length", "Bytes do pacote inteiro, cabeçalho IP incluído.", "Bytes of the whole packet, IP header included.";
    IP_ID = "identification", "Junta de novo os fragmentos de um mesmo pacote.", "Brings the fragments of one packet together again.";
    IP_FRAGMENT = "flags, offset", "DF proíbe fragmentar; o deslocamento diz onde entra este fragmento.", "DF forbids fragmenting; the offset says where this fragment goes.";
    IP_TTL = "time to live", "Cada roteador subtrai 1; em 0 o pacote é jogado fora.", "Every router subtracts 1; at 0 the packet is thrown away.";
    IP_PROTOCOL = "protocol", "Quem recebe o conteúdo: 1 ICMP, 6 TCP, 17 UDP (os IPPROTO_* de socket()).", "Who receives the content: 1 ICMP, 6 TCP, 17 UDP (the IPPROTO_* of socket()).";
    IP_CHECKSUM = "header checksum", "Confere só o cabeçalho IP.", "Checks the IP header only.";
    IP_FROM = "source", "Endereço do host que enviou (sin_addr).", "Address of the sending host (sin_addr).";
    IP_TO = "destination", "Endereço do host que deve receber (sin_addr).", "Address of the host that should receive (sin_addr).";
    IP_OPTIONS = "options", "Opções do IPv4, quase nunca usadas.", "IPv4 options, hardly ever used.";
    IP6_VERSION = "version, class, flow", "Versão 6, classe de tráfego e rótulo de fluxo.", "Version 6, traffic class and flow label.";
    IP6_LENGTH = "payload length", "Bytes depois deste cabeçalho.", "Bytes after this header.";
    IP6_NEXT = "next header", "Quem recebe o conteúdo: 6 TCP, 17 UDP, 58 ICMPv6.", "Who receives the content: 6 TCP, 17 UDP, 58 ICMPv6.";
    IP6_HOPS = "hop limit", "Cada roteador subtrai 1; em 0 o pacote é jogado fora.", "Every router subtracts 1; at 0 the packet is thrown away.";
    PORT_FROM = "source port", "Porta de quem enviou, em ordem de rede (sin_port depois de htons).", "The sender's port, in network order (sin_port after htons).";
    PORT_TO = "destination port", "Porta de quem recebe: escolhe o socket no outro kernel.", "The receiver's port: it chooses the socket in the other kernel.";
    TCP_SEQ = "sequence number", "Número do primeiro byte de dados deste segmento no fluxo (SYN e FIN contam um).", "Number of this segment's first data byte in the stream (SYN and FIN count one).";
    TCP_ACK = "acknowledgment", "Próximo byte que quem envia este segmento espera receber.", "Next byte that the sender of this segment expects to receive.";
    TCP_OFFSET = "data offset", "Tamanho do cabeçalho TCP em palavras de 4 bytes.", "Length of the TCP header in words of 4 bytes.";
    TCP_FLAGS = "flags", "SYN abre, FIN fecha um lado, RST derruba, ACK confirma, PSH pede entrega imediata, URG marca dado urgente.", "SYN opens, FIN closes one side, RST aborts, ACK acknowledges, PSH asks for delivery now, URG marks urgent data.";
    TCP_WINDOW = "window", "Quantos bytes quem envia este segmento ainda aceita receber (antes da escala).", "How many bytes the sender of this segment can still receive (before scaling).";
    TCP_CHECKSUM = "checksum", "Confere cabeçalho, dados e os endereços IP.", "Checks header, data and the IP addresses.";
    TCP_URGENT = "urgent pointer", "Onde termina o dado urgente, se URG está ligado.", "Where urgent data ends, if URG is set.";
    TCP_MSS = "option: MSS", "O maior segmento que este lado quer receber.", "The largest segment that this side wants to receive.";
    TCP_WSCALE = "option: window scale", "A janela deve ser multiplicada por 2 elevado a este número.", "The window is to be multiplied by 2 to this power.";
    TCP_SACK_OK = "option: SACK permitted", "Este lado entende confirmações seletivas.", "This side understands selective acknowledgments.";
    TCP_SACK = "option: SACK", "Trechos que chegaram fora de ordem e não precisam ser repetidos.", "Ranges that arrived out of order and need not be repeated.";
    TCP_TIME = "option: timestamps", "O relógio de quem envia e o último relógio visto do outro: mede o RTT.", "The sender's clock and the last one seen from the other side: measures the RTT.";
    TCP_NOP = "option: padding", "Enche o espaço até a próxima palavra.", "Fills the room up to the next word.";
    TCP_OTHER = "option", "Uma opção que esta página não conhece.", "An option that this page does not know.";
    UDP_LENGTH = "length", "Bytes de cabeçalho e dados.", "Bytes of header and data.";
    UDP_CHECKSUM = "checksum", "Confere cabeçalho, dados e os endereços IP; 0 é sem conferência.", "Checks header, data and the IP addresses; 0 means unchecked.";
    ICMP_TYPE = "type", "O que aconteceu: 3 destino inalcançável, 8 e 0 eco, 11 tempo esgotado.", "What happened: 3 destination unreachable, 8 and 0 echo, 11 time exceeded.";
    ICMP_CODE = "code", "O detalhe: com tipo 3, 3 é porta inalcançável (vira ECONNREFUSED).", "The detail: with type 3, 3 is port unreachable (becomes ECONNREFUSED).";
    ICMP_CHECKSUM = "checksum", "Confere a mensagem inteira.", "Checks the whole message.";
    ICMP_REST = "rest", "Identificador e número do eco, ou a MTU do próximo enlace.", "Identifier and number of the echo, or the next link's MTU.";
    ICMP6_TYPE = "type", "O que aconteceu: 1 destino inalcançável, 128 e 129 eco, 135 e 136 procuram e dizem um endereço Ethernet.", "What happened: 1 destination unreachable, 128 and 129 echo, 135 and 136 ask for and tell an Ethernet address.";
    ICMP6_CODE = "code", "O detalhe: com tipo 1, 4 é porta inalcançável (vira ECONNREFUSED).", "The detail: with type 1, 4 is port unreachable (becomes ECONNREFUSED).";
    ICMP6_CHECKSUM = "checksum", "Confere a mensagem e os endereços IPv6.", "Checks the message and the IPv6 addresses.";
    ICMP_ID = "identifier", "Qual socket pediu o eco: a resposta o repete.", "Which socket asked for the echo: the reply repeats it.";
    ICMP_SEQ = "sequence number", "Conta os pedidos deste socket.", "Counts the requests of this socket.";
    NDP_TARGET = "target", "Endereço IPv6 que se procura ou que se diz.", "The IPv6 address that is looked for or told.";
    NDP_OPTIONS = "options", "O endereço Ethernet de quem fala.", "The speaker's Ethernet address.";
    ICMP_QUOTE = "quoted packet", "O começo do pacote que causou a mensagem.", "The start of the packet that caused the message.";
    ARP_OP = "operation", "1 pergunta quem tem o endereço; 2 responde.", "1 asks who has the address; 2 answers.";
    ARP_SENDER = "sender", "Endereço IP e Ethernet de quem fala.", "IP and Ethernet address of the speaker.";
    ARP_TARGET = "target", "Endereço IP que se procura.", "The IP address that is looked for.";
    PAYLOAD = "data", "O que o programa enviou, byte por byte.", "What the program sent, byte by byte.";
    SHORT = "cut", "Faltam bytes para este cabeçalho.", "Bytes are missing for this header.";
}

/// A field of a header.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Field {
    /// Name and explanation.
    pub(crate) doc: Doc,
    /// The value for people.
    pub(crate) value: String,
    /// Its bytes in the frame.
    pub(crate) bytes: Range<usize>,
}

/// One protocol's header, or the data.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Layer {
    /// `Ethernet`, `IPv4`, `TCP`, ….
    pub(crate) name: &'static str,
    /// In the order of the bytes.
    pub(crate) fields: Vec<Field>,
}

/// What a segment is mainly for; its colour and its shape.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// Opens a connection.
    Syn,
    /// Carries data.
    Data,
    /// Only acknowledges.
    Ack,
    /// Closes one direction.
    Fin,
    /// Aborts, or reports an error.
    Rst,
    /// Anything else (ARP, …).
    Other,
}

impl Kind {
    /// The style's class.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Kind::Syn => "k-syn",
            Kind::Data => "k-data",
            Kind::Ack => "k-ack",
            Kind::Fin => "k-fin",
            Kind::Rst => "k-rst",
            Kind::Other => "k-other",
        }
    }
}

/// The header bits of RFC 9293 section 3.1.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Flags(pub(crate) u8);

impl Flags {
    pub(crate) const FIN: u8 = 1;
    pub(crate) const SYN: u8 = 2;
    pub(crate) const RST: u8 = 4;
    pub(crate) const PSH: u8 = 8;
    pub(crate) const ACK: u8 = 16;
    pub(crate) const URG: u8 = 32;

    /// Whether a bit is set.
    pub(crate) fn has(self, bit: u8) -> bool {
        self.0 & bit != 0
    }

    /// `SYN, ACK`.
    pub(crate) fn names(self) -> String {
        const NAMES: [&str; 8] = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"];
        let set = NAMES.iter().enumerate().filter(|(bit, _)| self.0 >> bit & 1 == 1);
        set.map(|(_, name)| *name).collect::<Vec<_>>().join(", ")
    }
}

/// What a frame is, in short.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Summary {
    /// `TCP`, `UDP`, `ICMP`, `ARP`, ….
    pub(crate) protocol: &'static str,
    /// The main purpose.
    pub(crate) kind: Kind,
    /// A few letters for the packet on the wire: `SYN`, `DATA 3`.
    pub(crate) label: String,
    /// One line as packet lists have it.
    pub(crate) info: String,
    /// Network addresses.
    pub(crate) from: String,
    pub(crate) to: String,
    /// Ports, 0 where there are none.
    pub(crate) ports: (u16, u16),
    /// TCP's sequence number, acknowledgment number and window.
    pub(crate) seq: u32,
    pub(crate) ack: u32,
    /// As it stands in the segment.
    pub(crate) window: u16,
    /// The window scale that a SYN offers.
    pub(crate) scale: Option<u8>,
    /// TCP's header bits.
    pub(crate) flags: Flags,
    /// Where the data are in the frame.
    pub(crate) payload: Range<usize>,
}

/// Numbers that sequence numbers are shown relative to: the initial ones of sender and receiver.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Base {
    /// The sender's initial sequence number.
    pub(crate) seq: u32,
    /// The receiver's.
    pub(crate) ack: u32,
    /// The power of 2 that the sender's window is to be multiplied by; RFC 7323 §2.2: never a SYN's.
    pub(crate) shift: u8,
}

/// Where a frame's bytes begin.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Start {
    /// With an Ethernet header, as on the simulated links.
    Ethernet,
    /// With an IP header, as captured by the bridge.
    Ip,
}

/// Layers of a frame and its summary.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Dissected {
    /// Outermost first.
    pub(crate) layers: Vec<Layer>,
    /// In short.
    pub(crate) summary: Summary,
}

/// Takes a frame apart.
pub(crate) fn dissect(frame: &[u8], start: Start, base: Base) -> Dissected {
    let mut reader = Reader {
        frame,
        at: 0,
        base,
        layers: Vec::new(),
        summary: Summary {
            protocol: "?",
            kind: Kind::Other,
            label: "?".into(),
            info: String::new(),
            from: String::new(),
            to: String::new(),
            ports: (0, 0),
            seq: 0,
            ack: 0,
            window: 0,
            scale: None,
            flags: Flags(0),
            payload: 0..0,
        },
    };
    match start {
        Start::Ethernet => reader.ethernet(),
        Start::Ip => reader.ip(),
    }
    Dissected { layers: reader.layers, summary: reader.summary }
}

struct Reader<'a> {
    frame: &'a [u8],
    at: usize,
    base: Base,
    layers: Vec<Layer>,
    summary: Summary,
}

impl Reader<'_> {
    fn left(&self) -> usize {
        self.frame.len() - self.at
    }

    fn u8(&self, at: usize) -> u8 {
        self.frame[self.at + at]
    }

    fn u16(&self, at: usize) -> u16 {
        u16::from_be_bytes([self.u8(at), self.u8(at + 1)])
    }

    fn u32(&self, at: usize) -> u32 {
        u32::from(self.u16(at)) << 16 | u32::from(self.u16(at + 2))
    }

    fn field(&self, doc: Doc, at: usize, len: usize, value: String) -> Field {
        Field { doc, value, bytes: self.at + at..self.at + at + len }
    }

    fn mac(&self, at: usize) -> String {
        let octets: Vec<String> = (at..at + 6).map(|i| format!("{:02x}", self.u8(i))).collect();
        octets.join(":")
    }

    fn ipv4_addr(&self, at: usize) -> Ipv4Addr {
        Ipv4Addr::from(self.u32(at))
    }

    fn ipv6_addr(&self, at: usize) -> Ipv6Addr {
        let octets: [u8; 16] = self.frame[self.at + at..self.at + at + 16].try_into().expect("16");
        Ipv6Addr::from(octets)
    }

    /// Ends a layer of `len` bytes.
    fn layer(&mut self, name: &'static str, len: usize, fields: Vec<Field>) {
        self.layers.push(Layer { name, fields });
        self.at += len;
    }

    fn short(&mut self, name: &'static str) {
        let field = self.field(SHORT, 0, self.left(), format!("{} bytes", self.left()));
        self.layer(name, self.left(), vec![field]);
    }

    fn ethernet(&mut self) {
        if self.left() < 14 {
            return self.short("Ethernet");
        }
        let ethertype = self.u16(12);
        let name = match ethertype {
            0x0800 => "IPv4",
            0x0806 => "ARP",
            0x86dd => "IPv6",
            _ => "?",
        };
        let fields = vec![
            self.field(MAC_TO, 0, 6, self.mac(0)),
            self.field(MAC_FROM, 6, 6, self.mac(6)),
            self.field(ETHERTYPE, 12, 2, format!("0x{ethertype:04x} {name}")),
        ];
        self.summary.from = self.mac(6);
        self.summary.to = self.mac(0);
        self.layer("Ethernet", 14, fields);
        match ethertype {
            0x0800 | 0x86dd => self.ip(),
            0x0806 => self.arp(),
            _ => self.payload(self.left()),
        }
    }

    fn ip(&mut self) {
        match self.left().checked_sub(1).map(|_| self.u8(0) >> 4) {
            Some(6) => self.ipv6(),
            _ => self.ipv4(),
        }
    }

    fn arp(&mut self) {
        if self.left() < 28 {
            return self.short("ARP");
        }
        let operation = self.u16(6);
        let (sender, target) = (self.ipv4_addr(14), self.ipv4_addr(24));
        let fields = vec![
            self.field(ARP_OP, 6, 2, operation.to_string()),
            self.field(ARP_SENDER, 8, 10, format!("{sender} = {}", self.mac(8))),
            self.field(ARP_TARGET, 18, 10, target.to_string()),
        ];
        self.summary.protocol = "ARP";
        self.summary.label = "ARP".into();
        self.summary.info = match operation {
            1 => format!("Who has {target}? Tell {sender}"),
            _ => format!("{sender} is at {}", self.mac(8)),
        };
        self.layer("ARP", 28, fields);
    }

    fn ipv4(&mut self) {
        if self.left() < 20 {
            return self.short("IPv4");
        }
        let header = usize::from(self.u8(0) & 15) * 4;
        if header < 20 || self.left() < header {
            return self.short("IPv4");
        }
        let (total, protocol, fragment) = (usize::from(self.u16(2)), self.u8(9), self.u16(6));
        let flags = match fragment >> 13 {
            2 => "DF",
            1 => "MF",
            _ => "0",
        };
        let mut fields = vec![
            self.field(IP_VERSION, 0, 1, format!("4, {header} bytes")),
            self.field(IP_TOS, 1, 1, format!("0x{:02x}", self.u8(1))),
            self.field(IP_LENGTH, 2, 2, total.to_string()),
            self.field(IP_ID, 4, 2, format!("0x{:04x}", self.u16(4))),
            self.field(IP_FRAGMENT, 6, 2, format!("{flags}, {}", (fragment & 0x1fff) * 8)),
            self.field(IP_TTL, 8, 1, self.u8(8).to_string()),
            self.field(IP_PROTOCOL, 9, 1, format!("{protocol} {}", protocol_name(protocol))),
            self.field(IP_CHECKSUM, 10, 2, format!("0x{:04x}", self.u16(10))),
            self.field(IP_FROM, 12, 4, self.ipv4_addr(12).to_string()),
            self.field(IP_TO, 16, 4, self.ipv4_addr(16).to_string()),
        ];
        if header > 20 {
            fields.push(self.field(IP_OPTIONS, 20, header - 20, format!("{} bytes", header - 20)));
        }
        self.summary.from = self.ipv4_addr(12).to_string();
        self.summary.to = self.ipv4_addr(16).to_string();
        // Ethernet pads short frames; the IP length says where the packet really ends.
        let end = (self.at + total.max(header)).min(self.frame.len());
        self.layer("IPv4", header, fields);
        self.frame = &self.frame[..end];
        self.transport(protocol);
    }

    fn ipv6(&mut self) {
        if self.left() < 40 {
            return self.short("IPv6");
        }
        let (length, next) = (usize::from(self.u16(4)), self.u8(6));
        let fields = vec![
            self.field(IP6_VERSION, 0, 4, format!("6, 0x{:07x}", self.u32(0) & 0x0fff_ffff)),
            self.field(IP6_LENGTH, 4, 2, length.to_string()),
            self.field(IP6_NEXT, 6, 1, format!("{next} {}", protocol_name(next))),
            self.field(IP6_HOPS, 7, 1, self.u8(7).to_string()),
            self.field(IP_FROM, 8, 16, self.ipv6_addr(8).to_string()),
            self.field(IP_TO, 24, 16, self.ipv6_addr(24).to_string()),
        ];
        self.summary.from = self.ipv6_addr(8).to_string();
        self.summary.to = self.ipv6_addr(24).to_string();
        let end = (self.at + 40 + length).min(self.frame.len());
        self.layer("IPv6", 40, fields);
        self.frame = &self.frame[..end];
        self.transport(next);
    }

    fn transport(&mut self, protocol: u8) {
        match protocol {
            6 => self.tcp(),
            17 => self.udp(),
            1 => self.icmp("ICMP"),
            58 => self.icmp("ICMPv6"),
            other => {
                self.summary.protocol = protocol_name(other);
                self.summary.label = protocol_name(other).into();
                self.payload(self.left());
            }
        }
    }

    fn tcp(&mut self) {
        self.summary.protocol = "TCP";
        if self.left() < 20 {
            return self.short("TCP");
        }
        let header = usize::from(self.u8(12) >> 4) * 4;
        if header < 20 || self.left() < header {
            return self.short("TCP");
        }
        let flags = Flags(self.u8(13));
        let (seq, ack) = (self.u32(4), self.u32(8));
        let (rel_seq, rel_ack) = (seq.wrapping_sub(self.base.seq), ack.wrapping_sub(self.base.ack));
        let shown_ack = if flags.has(Flags::ACK) { rel_ack.to_string() } else { "–".into() };
        let shift = self.base.shift.min(14);
        let scaled = u32::from(self.u16(14)) << shift;
        let window = match shift {
            0 => scaled.to_string(),
            _ => format!("{} × {} = {scaled}", self.u16(14), 1u32 << shift),
        };
        let mut fields = vec![
            self.field(PORT_FROM, 0, 2, self.u16(0).to_string()),
            self.field(PORT_TO, 2, 2, self.u16(2).to_string()),
            self.field(TCP_SEQ, 4, 4, rel_seq.to_string()),
            self.field(TCP_ACK, 8, 4, shown_ack),
            self.field(TCP_OFFSET, 12, 1, format!("{header} bytes")),
            self.field(TCP_FLAGS, 13, 1, format!("0x{:02x} {}", flags.0, flags.names())),
            self.field(TCP_WINDOW, 14, 2, window),
            self.field(TCP_CHECKSUM, 16, 2, format!("0x{:04x}", self.u16(16))),
            self.field(TCP_URGENT, 18, 2, self.u16(18).to_string()),
        ];
        fields.extend(self.tcp_options(header));
        let len = self.left() - header;
        let s = &mut self.summary;
        (s.seq, s.ack, s.flags) = (seq, ack, flags);
        s.kind = tcp_kind(flags, len);
        s.label = tcp_label(flags, len);
        self.summary.ports = (self.u16(0), self.u16(2));
        self.summary.window = self.u16(14);
        let acked = if flags.has(Flags::ACK) { format!(" Ack={rel_ack}") } else { String::new() };
        self.summary.info = format!(
            "{} → {} [{}] Seq={rel_seq}{acked} Win={scaled} Len={len}",
            self.u16(0),
            self.u16(2),
            flags.names(),
        );
        self.layer("TCP", header, fields);
        self.payload(len);
    }

    fn tcp_options(&mut self, header: usize) -> Vec<Field> {
        let mut fields = Vec::new();
        let mut at = 20;
        while at < header {
            let kind = self.u8(at);
            let len = match kind {
                0 | 1 => 1,
                _ if at + 1 >= header => break,
                _ => usize::from(self.u8(at + 1)).max(2),
            };
            if at + len > header {
                break;
            }
            let field = match (kind, len) {
                (0 | 1, _) => self.field(TCP_NOP, at, 1, kind.to_string()),
                (2, 4) => self.field(TCP_MSS, at, 4, self.u16(at + 2).to_string()),
                (3, 3) => {
                    let shift = self.u8(at + 2);
                    let times = 1u64 << shift.min(14);
                    self.summary.scale = Some(shift);
                    self.field(TCP_WSCALE, at, 3, format!("{shift} (× {times})"))
                }
                (4, 2) => self.field(TCP_SACK_OK, at, 2, String::new()),
                (5, _) => self.field(TCP_SACK, at, len, self.sack_blocks(at, len)),
                (8, 10) => {
                    let value = format!("{}, echo {}", self.u32(at + 2), self.u32(at + 6));
                    self.field(TCP_TIME, at, 10, value)
                }
                _ => self.field(TCP_OTHER, at, len, kind.to_string()),
            };
            fields.push(field);
            at += len;
        }
        fields
    }

    fn sack_blocks(&self, at: usize, len: usize) -> String {
        let edge = |i| self.u32(i).wrapping_sub(self.base.ack);
        let blocks = (at + 2..at + len).step_by(8).filter(|i| i + 8 <= at + len);
        blocks.map(|i| format!("{}–{}", edge(i), edge(i + 4))).collect::<Vec<_>>().join(", ")
    }

    fn udp(&mut self) {
        self.summary.protocol = "UDP";
        if self.left() < 8 {
            return self.short("UDP");
        }
        let fields = vec![
            self.field(PORT_FROM, 0, 2, self.u16(0).to_string()),
            self.field(PORT_TO, 2, 2, self.u16(2).to_string()),
            self.field(UDP_LENGTH, 4, 2, self.u16(4).to_string()),
            self.field(UDP_CHECKSUM, 6, 2, format!("0x{:04x}", self.u16(6))),
        ];
        let len = self.left() - 8;
        self.summary.kind = Kind::Data;
        self.summary.label = format!("UDP {len}");
        self.summary.ports = (self.u16(0), self.u16(2));
        self.summary.info = format!("{} → {} Len={len}", self.u16(0), self.u16(2));
        self.layer("UDP", 8, fields);
        self.payload(len);
    }

    fn icmp(&mut self, name: &'static str) {
        self.summary.protocol = name;
        if self.left() < 8 {
            return self.short(name);
        }
        let (ty, code) = (self.u8(0), self.u8(1));
        let v6 = name == "ICMPv6";
        let text = icmp_text(v6, ty, code);
        let (doc_type, doc_code, doc_sum) = match v6 {
            true => (ICMP6_TYPE, ICMP6_CODE, ICMP6_CHECKSUM),
            false => (ICMP_TYPE, ICMP_CODE, ICMP_CHECKSUM),
        };
        let mut fields = vec![
            self.field(doc_type, 0, 1, format!("{ty} {text}")),
            self.field(doc_code, 1, 1, code.to_string()),
            self.field(doc_sum, 2, 2, format!("0x{:04x}", self.u16(2))),
        ];
        let echo = text.starts_with("Echo");
        let neighbour = v6 && matches!(ty, 135 | 136) && self.left() >= 24;
        if echo {
            fields.push(self.field(ICMP_ID, 4, 2, self.u16(4).to_string()));
            fields.push(self.field(ICMP_SEQ, 6, 2, self.u16(6).to_string()));
        } else {
            fields.push(self.field(ICMP_REST, 4, 4, format!("0x{:08x}", self.u32(4))));
        }
        if neighbour {
            fields.push(self.field(NDP_TARGET, 8, 16, self.ipv6_addr(8).to_string()));
            let more = self.left() - 24;
            fields.extend(
                (more > 0).then(|| self.field(NDP_OPTIONS, 24, more, format!("{more} bytes"))),
            );
        }
        self.summary.kind = match (echo, v6 && ty >= 128) {
            (true, _) => Kind::Data,
            (_, true) => Kind::Other,
            _ => Kind::Rst,
        };
        self.summary.label = "ICMP".into();
        self.summary.info = text.to_owned();
        self.layer(name, if neighbour { self.left() } else { 8 }, fields);
        if echo || self.left() == 0 {
            self.payload(self.left());
        } else {
            let quote = self.field(ICMP_QUOTE, 0, self.left(), format!("{} bytes", self.left()));
            self.layer("ICMP data", self.left(), vec![quote]);
        }
    }

    fn payload(&mut self, len: usize) {
        self.summary.payload = self.at..self.at + len;
        if len > 0 {
            let bytes = &self.frame[self.at..self.at + len];
            let value = abi::strace::quoted(bytes, 64);
            let field = self.field(PAYLOAD, 0, len, format!("{value} ({len})"));
            self.layer("Data", len, vec![field]);
        }
    }
}

fn tcp_kind(flags: Flags, len: usize) -> Kind {
    if flags.has(Flags::RST) {
        Kind::Rst
    } else if flags.has(Flags::SYN) {
        Kind::Syn
    } else if flags.has(Flags::FIN) {
        Kind::Fin
    } else if len > 0 {
        Kind::Data
    } else {
        Kind::Ack
    }
}

fn tcp_label(flags: Flags, len: usize) -> String {
    let main = match tcp_kind(flags, len) {
        Kind::Rst => "RST",
        Kind::Syn if flags.has(Flags::ACK) => "SYN-ACK",
        Kind::Syn => "SYN",
        Kind::Fin => "FIN",
        Kind::Data => return format!("DATA {len}"),
        Kind::Ack | Kind::Other => "ACK",
    };
    if len > 0 { format!("{main} +{len}") } else { main.to_owned() }
}

fn protocol_name(protocol: u8) -> &'static str {
    match protocol {
        1 => "ICMP",
        2 => "IGMP",
        6 => "TCP",
        17 => "UDP",
        58 => "ICMPv6",
        _ => "?",
    }
}

fn icmp_text(v6: bool, ty: u8, code: u8) -> &'static str {
    match (v6, ty, code) {
        (false, 0, _) | (true, 129, _) => "Echo reply",
        (false, 8, _) | (true, 128, _) => "Echo request",
        (false, 3, 0) | (true, 1, 0) => "Network unreachable",
        (false, 3, 1) | (true, 1, 3) => "Host unreachable",
        (false, 3, 3) | (true, 1, 4) => "Port unreachable",
        (false, 3, 4) | (true, 2, _) => "Fragmentation needed",
        (false, 3, _) | (true, 1, _) => "Destination unreachable",
        (false, 11, _) | (true, 3, _) => "Time exceeded",
        (true, 135, _) => "Neighbor solicitation",
        (true, 136, _) => "Neighbor advertisement",
        _ => "ICMP",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A SYN of 10.0.0.2:40000 to 10.0.0.1:8080 with MSS 1460.
    const SYN: &[u8] = &[
        2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, // Ethernet
        0x45, 0, 0, 44, 0, 0, 0x40, 0, 64, 6, 0, 0, 10, 0, 0, 2, 10, 0, 0, 1, // IPv4
        0x9c, 0x40, 0x1f, 0x90, 0, 0, 3, 0xe8, 0, 0, 0, 0, 0x60, 2, 0xfa, 0xf0, 0, 0, 0,
        0, // TCP
        2, 4, 5, 0xb4, // MSS
        0, 0, // Ethernet padding, not data
    ];

    fn names(dissected: &Dissected) -> Vec<&'static str> {
        dissected.layers.iter().map(|layer| layer.name).collect()
    }

    #[test]
    fn a_syn_is_taken_apart() {
        let base = Base { seq: 1000, ..Base::default() };
        let it = dissect(SYN, Start::Ethernet, base);
        assert_eq!(names(&it), ["Ethernet", "IPv4", "TCP"]);
        assert_eq!(it.summary.label, "SYN");
        assert_eq!(it.summary.kind, Kind::Syn);
        assert_eq!(it.summary.info, "40000 → 8080 [SYN] Seq=0 Win=64240 Len=0");
        // With the connection's scale the window is what the sender really has room for.
        let scaled = dissect(SYN, Start::Ethernet, Base { shift: 3, ..base });
        assert!(scaled.summary.info.contains("Win=513920 "), "{}", scaled.summary.info);
        let mss = it.layers[2].fields.last().unwrap();
        assert_eq!((mss.value.as_str(), mss.bytes.clone()), ("1460", 54..58));
    }

    #[test]
    fn fields_of_a_layer_cover_its_bytes_in_order() {
        let it = dissect(SYN, Start::Ethernet, Base::default());
        let mut next = 0;
        for field in it.layers.iter().flat_map(|layer| &layer.fields) {
            assert_eq!(field.bytes.start, next, "{}", field.doc.name);
            next = field.bytes.end;
        }
        assert_eq!(next, 58);
    }

    #[test]
    fn any_prefix_is_read_without_panic() {
        for len in 0..SYN.len() {
            dissect(&SYN[..len], Start::Ethernet, Base::default());
            dissect(&SYN[..len], Start::Ip, Base::default());
        }
    }

    #[test]
    fn data_is_what_the_ip_length_says() {
        let mut frame = SYN.to_vec();
        frame[17] = 46;
        frame[47] = 0x18;
        let it = dissect(&frame, Start::Ethernet, Base::default());
        assert_eq!(it.summary.label, "DATA 2");
        assert_eq!(it.summary.payload, 58..60);
    }
}

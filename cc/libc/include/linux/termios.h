#ifndef _TERMIOS_H
#define _TERMIOS_H 1
#include <sys/types.h>
typedef unsigned char cc_t;
typedef unsigned int speed_t;
typedef unsigned int tcflag_t;
#define NCCS 32
struct termios {
  tcflag_t c_iflag;
  tcflag_t c_oflag;
  tcflag_t c_cflag;
  tcflag_t c_lflag;
  cc_t c_line;
  cc_t c_cc[NCCS];
  speed_t c_ispeed;
  speed_t c_ospeed;
};
#define VINTR 0
#define VQUIT 1
#define VERASE 2
#define VKILL 3
#define VEOF 4
#define VTIME 5
#define VMIN 6
#define VSTART 8
#define VSTOP 9
#define VSUSP 10
#define VEOL 11
#define VREPRINT 12
#define VDISCARD 13
#define VWERASE 14
#define VLNEXT 15
#define VEOL2 16
#define IGNBRK 0000001
#define BRKINT 0000002
#define IGNPAR 0000004
#define PARMRK 0000010
#define INPCK 0000020
#define ISTRIP 0000040
#define INLCR 0000100
#define IGNCR 0000200
#define ICRNL 0000400
#define IXON 0002000
#define IXANY 0004000
#define IXOFF 0010000
#define IUTF8 0040000
#define OPOST 0000001
#define ONLCR 0000004
#define OCRNL 0000010
#define CSIZE 0000060
#define CS5 0000000
#define CS6 0000020
#define CS7 0000040
#define CS8 0000060
#define CSTOPB 0000100
#define CREAD 0000200
#define PARENB 0000400
#define PARODD 0001000
#define HUPCL 0002000
#define CLOCAL 0004000
#define CBAUD 000000010017
#define CRTSCTS 020000000000
#define ISIG 0000001
#define ICANON 0000002
#define ECHO 0000010
#define ECHOE 0000020
#define ECHOK 0000040
#define ECHONL 0000100
#define NOFLSH 0000200
#define TOSTOP 0000400
#define ECHOCTL 0001000
#define ECHOKE 0004000
#define IEXTEN 0100000
#define B0 0000000
#define B1200 0000011
#define B2400 0000013
#define B4800 0000014
#define B9600 0000015
#define B19200 0000016
#define B38400 0000017
#define B57600 0010001
#define B115200 0010002
#define TCSANOW 0
#define TCSADRAIN 1
#define TCSAFLUSH 2
#define TCIFLUSH 0
#define TCOFLUSH 1
#define TCIOFLUSH 2
int tcgetattr(int fd, struct termios *termios_p);
int tcsetattr(int fd, int optional_actions, const struct termios *termios_p);
int tcdrain(int fd);
int tcflush(int fd, int queue_selector);
void cfmakeraw(struct termios *termios_p);
speed_t cfgetispeed(const struct termios *termios_p);
speed_t cfgetospeed(const struct termios *termios_p);
int cfsetispeed(struct termios *termios_p, speed_t speed);
int cfsetospeed(struct termios *termios_p, speed_t speed);
int cfsetspeed(struct termios *termios_p, speed_t speed);
#define B1000000 4104
#define B110 3
#define B1152000 4105
#define B134 4
#define B150 5
#define B1500000 4106
#define B1800 10
#define B200 6
#define B2000000 4107
#define B230400 4099
#define B2500000 4108
#define B300 7
#define B3000000 4109
#define B3500000 4110
#define B4000000 4111
#define B460800 4100
#define B50 1
#define B500000 4101
#define B576000 4102
#define B600 8
#define B75 2
#define B921600 4103
#define BS0 0
#define BS1 8192
#define BSDLY 8192
#define CBAUDEX 4096
#define CIBAUD 269418496
#define CMSPAR 1073741824
#define CR0 0
#define CR1 512
#define CR2 1024
#define CR3 1536
#define CRDLY 1536
#define ECHOPRT 1024
#define EXTA 14
#define EXTB 15
#define EXTPROC 65536
#define FF0 0
#define FF1 32768
#define FFDLY 32768
#define FLUSHO 4096
#define IMAXBEL 8192
#define IUCLC 512
#define NL0 0
#define NL1 256
#define NLDLY 256
#define OFDEL 128
#define OFILL 64
#define OLCUC 2
#define ONLRET 32
#define ONOCR 16
#define PENDIN 16384
#define TAB0 0
#define TAB1 2048
#define TAB2 4096
#define TAB3 6144
#define TABDLY 6144
#define TCIOFF 2
#define TCION 3
#define TCOOFF 0
#define TCOON 1
#define VSWTC 7
#define VT0 0
#define VT1 16384
#define VTDLY 16384
#define XCASE 4
#define XTABS 6144
#endif

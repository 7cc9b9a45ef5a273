#ifndef _IO_H
#define _IO_H 1
int _close(int fd);
int _write(int fd, const void *buf, unsigned int count);
int _read(int fd, void *buf, unsigned int count);
int close(int fd);
int write(int fd, const void *buf, unsigned int count);
int read(int fd, void *buf, unsigned int count);
int _isatty(int fd);
int isatty(int fd);
#endif

#ifndef _CONIO_H
#define _CONIO_H 1
int _getch(void);
int _getche(void);
int _kbhit(void);
int _putch(int ch);
int getch(void);
int getche(void);
int kbhit(void);
int putch(int ch);
#endif

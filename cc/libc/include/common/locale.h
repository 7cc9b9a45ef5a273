#ifndef _LOCALE_H
#define _LOCALE_H 1
#include <bits/types.h>
#ifdef _WIN32
#define LC_ALL 0
#define LC_COLLATE 1
#define LC_CTYPE 2
#define LC_MONETARY 3
#define LC_NUMERIC 4
#define LC_TIME 5
#else
#define LC_CTYPE 0
#define LC_NUMERIC 1
#define LC_TIME 2
#define LC_COLLATE 3
#define LC_MONETARY 4
#define LC_MESSAGES 5
#define LC_ALL 6
#endif
struct lconv {
  char *decimal_point;
  char *thousands_sep;
  char *grouping;
  char *int_curr_symbol;
  char *currency_symbol;
  char *mon_decimal_point;
  char *mon_thousands_sep;
  char *mon_grouping;
  char *positive_sign;
  char *negative_sign;
  char int_frac_digits;
  char frac_digits;
  char p_cs_precedes;
  char p_sep_by_space;
  char n_cs_precedes;
  char n_sep_by_space;
  char p_sign_posn;
  char n_sign_posn;
#ifndef _WIN32
  char int_p_cs_precedes;
  char int_p_sep_by_space;
  char int_n_cs_precedes;
  char int_n_sep_by_space;
  char int_p_sign_posn;
  char int_n_sign_posn;
#else
  unsigned short *_W_decimal_point;
  unsigned short *_W_thousands_sep;
  unsigned short *_W_int_curr_symbol;
  unsigned short *_W_currency_symbol;
  unsigned short *_W_mon_decimal_point;
  unsigned short *_W_mon_thousands_sep;
  unsigned short *_W_positive_sign;
  unsigned short *_W_negative_sign;
#endif
};
char *setlocale(int category, const char *locale);
struct lconv *localeconv(void);
#endif

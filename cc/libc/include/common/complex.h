/* Complex numbers are not provided: their type is refused by name where it is used. */
#ifndef _COMPLEX_H
#define _COMPLEX_H 1
#define complex _Complex
#define _Complex_I 0
#define I _Complex_I
#endif

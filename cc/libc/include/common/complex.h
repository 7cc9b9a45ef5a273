/* Complex numbers are not provided: what the header declares would be refused by name. */
#ifndef _COMPLEX_H
#define _COMPLEX_H 1
#endif

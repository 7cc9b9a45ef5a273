#include <stdio.h>
int main(void) { puts("oi); return 0; }

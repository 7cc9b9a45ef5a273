/* A menu with scanf and getchar, as first exercises have it.
 * stdin: 1 2.5 4\ns\n2 3 4\nn\n
 * expect:
 * 1-soma 2-produto: a b: 6.5
 * de novo (s/n)? 1-soma 2-produto: a b: 12.0
 * de novo (s/n)? fim
 */
#include <stdio.h>
int main(void) {
  int option;
  float a, b;
  char again;
  do {
    printf("1-soma 2-produto: ");
    if (scanf("%d", &option) != 1)
      break;
    printf("a b: ");
    scanf("%f %f", &a, &b);
    switch (option) {
    case 1: printf("%.1f\n", a + b); break;
    case 2: printf("%.1f\n", a * b); break;
    default: printf("?\n");
    }
    printf("de novo (s/n)? ");
    scanf(" %c", &again);
  } while (again == 's' || again == 'S');
  puts("fim");
  return 0;
}

/* Sorting and searching an array of structures by several keys.
 * expect:
 * Bia:10 Ana:9 Leo:7 Rui:7 2 7
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
struct student { char name[16]; int grade; };
static int by_name(const void *a, const void *b) { return strcmp(((const struct student *)a)->name, ((const struct student *)b)->name); }
static int by_grade(const void *a, const void *b) {
  const struct student *x = a, *y = b;
  return x->grade != y->grade ? y->grade - x->grade : by_name(a, b);
}
int main(void) {
  struct student class[] = { { "Rui", 7 }, { "Ana", 9 }, { "Leo", 7 }, { "Bia", 10 } };
  size_t n = sizeof class / sizeof *class;
  qsort(class, n, sizeof *class, by_grade);
  for (size_t i = 0; i < n; i++)
    printf("%s:%d ", class[i].name, class[i].grade);
  qsort(class, n, sizeof *class, by_name);
  struct student key = { "Leo", 0 }, *found = bsearch(&key, class, n, sizeof *class, by_name);
  printf("%ld %d\n", (long)(found - class), found->grade);
  return 0;
}

/* A list, a tree and a queue, with malloc and free.
 * expect:
 * 1 2 3 5 8 9 
 */
#include <stdio.h>
#include <stdlib.h>
typedef struct node { int key; struct node *left, *right; } node;
static node *insert(node *at, int key) {
  if (!at) {
    at = calloc(1, sizeof *at);
    at->key = key;
  } else if (key < at->key)
    at->left = insert(at->left, key);
  else
    at->right = insert(at->right, key);
  return at;
}
static void walk(const node *at) {
  if (at) {
    walk(at->left);
    printf("%d ", at->key);
    walk(at->right);
  }
}
static void drop(node *at) {
  if (at) {
    drop(at->left);
    drop(at->right);
    free(at);
  }
}
int main(void) {
  node *root = NULL;
  int keys[] = { 5, 2, 8, 1, 9, 3 };
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
    root = insert(root, keys[i]);
  walk(root);
  puts("");
  drop(root);
  return 0;
}

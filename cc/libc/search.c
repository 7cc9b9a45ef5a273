/* search.h; fnmatch.h, glob.h, ftw.h; scandir(3); strptime(3), getsubopt(3), strverscmp(3): what is
   made of other functions only. */

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <ftw.h>
#include <glob.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <time.h>

/* ---- search.h: a table of words, a tree, arrays */

int hcreate_r(size_t nel, struct hsearch_data *htab) {
  if (htab->table) {
    errno = ENOMEM;
    return 0;
  }
  htab->size = nel < 3 ? 7 : nel * 2 + 1;
  htab->filled = 0;
  htab->table = calloc(htab->size, sizeof(ENTRY));
  return htab->table != NULL;
}

void hdestroy_r(struct hsearch_data *htab) {
  free(htab->table);
  htab->table = NULL;
}

int hsearch_r(ENTRY item, ACTION action, ENTRY **retval, struct hsearch_data *htab) {
  unsigned hash = 5381;
  for (const unsigned char *p = (const unsigned char *)item.key; *p; p++)
    hash = hash * 33 + *p;
  ENTRY *table = (ENTRY *)htab->table;
  for (unsigned i = 0; i < htab->size; i++) {
    ENTRY *at = &table[(hash + i) % htab->size];
    if (at->key && strcmp(at->key, item.key) == 0) {
      *retval = at;
      return 1;
    }
    if (at->key)
      continue;
    *retval = NULL;
    if (action == FIND) {
      errno = ESRCH;
      return 0;
    }
    htab->filled++;
    *at = item;
    *retval = at;
    return 1;
  }
  *retval = NULL;
  errno = action == FIND ? ESRCH : ENOMEM;
  return 0;
}

static struct hsearch_data __htab;
int hcreate(size_t nel) { return hcreate_r(nel, &__htab); }
void hdestroy(void) { hdestroy_r(&__htab); }
ENTRY *hsearch(ENTRY item, ACTION action) {
  ENTRY *found;
  hsearch_r(item, action, &found, &__htab);
  return found;
}

/* As in glibc a node begins with its key. The tree is an AA tree: levels keep it balanced. */
struct __tnode { const void *key; struct __tnode *left, *right; int level; };

static struct __tnode *__tskew(struct __tnode *t) {
  if (!t->left || t->left->level != t->level)
    return t;
  struct __tnode *l = t->left;
  t->left = l->right;
  l->right = t;
  return l;
}

static struct __tnode *__tsplit(struct __tnode *t) {
  if (!t->right || !t->right->right || t->right->right->level != t->level)
    return t;
  struct __tnode *r = t->right;
  t->right = r->left;
  r->left = t;
  r->level++;
  return r;
}

static struct __tnode *__tinsert(struct __tnode *t, const void *key, int (*compar)(const void *, const void *), struct __tnode **found) {
  if (!t) {
    t = calloc(1, sizeof *t);
    if (t) {
      t->key = key;
      t->level = 1;
    }
    *found = t;
    return t;
  }
  int order = compar(key, t->key);
  if (order == 0) {
    *found = t;
    return t;
  }
  if (order < 0)
    t->left = __tinsert(t->left, key, compar, found);
  else
    t->right = __tinsert(t->right, key, compar, found);
  return __tsplit(__tskew(t));
}

void *tsearch(const void *key, void **rootp, int (*compar)(const void *, const void *)) {
  struct __tnode *found = NULL;
  if (!rootp)
    return NULL;
  *rootp = __tinsert(*rootp, key, compar, &found);
  return found;
}

void *tfind(const void *key, void *const *rootp, int (*compar)(const void *, const void *)) {
  struct __tnode *t = rootp ? *rootp : NULL;
  while (t) {
    int order = compar(key, t->key);
    if (order == 0)
      break;
    t = order < 0 ? t->left : t->right;
  }
  return t;
}

void *tdelete(const void *restrict key, void **restrict rootp, int (*compar)(const void *, const void *)) {
  struct __tnode **at = (struct __tnode **)rootp, *parent = NULL;
  if (!rootp)
    return NULL;
  while (*at) {
    int order = compar(key, (*at)->key);
    if (order == 0)
      break;
    parent = *at;
    at = order < 0 ? &(*at)->left : &(*at)->right;
  }
  struct __tnode *gone = *at;
  if (!gone)
    return NULL;
  if (gone->left && gone->right) {
    struct __tnode **next = &gone->right;
    while ((*next)->left)
      next = &(*next)->left;
    struct __tnode *moved = *next;
    gone->key = moved->key;
    *next = moved->right;
    gone = moved;
  } else {
    *at = gone->left ? gone->left : gone->right;
  }
  free(gone);
  return parent ? (void *)parent : (void *)rootp;
}

static void __twalk(const struct __tnode *t, void (*action)(const void *, VISIT, int), int depth) {
  if (!t->left && !t->right) {
    action(t, leaf, depth);
    return;
  }
  action(t, preorder, depth);
  if (t->left)
    __twalk(t->left, action, depth + 1);
  action(t, postorder, depth);
  if (t->right)
    __twalk(t->right, action, depth + 1);
  action(t, endorder, depth);
}

void twalk(const void *root, void (*action)(const void *, VISIT, int)) {
  if (root && action)
    __twalk(root, action, 0);
}

void tdestroy(void *root, void (*free_node)(void *)) {
  struct __tnode *t = root;
  if (!t)
    return;
  tdestroy(t->left, free_node);
  tdestroy(t->right, free_node);
  free_node((void *)t->key);
  free(t);
}

void *lfind(const void *key, const void *base, size_t *nmemb, size_t size, int (*compar)(const void *, const void *)) {
  for (size_t i = 0; i < *nmemb; i++)
    if (compar(key, (const char *)base + i * size) == 0)
      return (char *)base + i * size;
  return NULL;
}

void *lsearch(const void *key, void *base, size_t *nmemb, size_t size, int (*compar)(const void *, const void *)) {
  void *found = lfind(key, base, nmemb, size, compar);
  return found ? found : memcpy((char *)base + (*nmemb)++ * size, key, size);
}

void insque(void *elem, void *prev) {
  struct qelem { struct qelem *next, *back; } *it = elem, *before = prev;
  it->back = before;
  it->next = before ? before->next : NULL;
  if (before)
    before->next = it;
  if (it->next)
    it->next->back = it;
}

void remque(void *elem) {
  struct qelem { struct qelem *next, *back; } *it = elem;
  if (it->next)
    it->next->back = it->back;
  if (it->back)
    it->back->next = it->next;
}

/* ---- names of files */

/* One set `[…]` of a pattern: its end, or NULL if there is none. */
static const char *__fnset(const char *p, int c, int flags, int *matches) {
  int not = *p == '!' || *p == '^', found = 0;
  p += not;
  if (flags & FNM_CASEFOLD)
    c = tolower(c);
  for (int first = 1; first || *p != ']'; first = 0) {
    if (!*p)
      return NULL;
    if (*p == '\\' && !(flags & FNM_NOESCAPE) && p[1])
      p++;
    int low = (unsigned char)*p++, high = low;
    if (p[0] == '-' && p[1] && p[1] != ']') {
      high = (unsigned char)p[1];
      p += 2;
    }
    if (flags & FNM_CASEFOLD)
      low = tolower(low), high = tolower(high);
    if (low <= c && c <= high)
      found = 1;
  }
  *matches = found != not;
  return p + 1;
}

static int __fnmatch(const char *p, const char *s, const char *begin, int flags) {
  for (;; s++) {
    int leads = (flags & FNM_PERIOD) && *s == '.' && (s == begin || ((flags & FNM_PATHNAME) && s[-1] == '/'));
    switch (*p) {
    case '\0': return !*s || ((flags & FNM_LEADING_DIR) && *s == '/') ? 0 : FNM_NOMATCH;
    case '?':
      if (!*s || leads || ((flags & FNM_PATHNAME) && *s == '/'))
        return FNM_NOMATCH;
      p++;
      break;
    case '*':
      if (leads)
        return FNM_NOMATCH;
      while (*p == '*')
        p++;
      for (;; s++) {
        if (__fnmatch(p, s, begin, flags) == 0)
          return 0;
        if (!*s || ((flags & FNM_PATHNAME) && *s == '/'))
          return FNM_NOMATCH;
      }
    case '[': {
      int matches = 0;
      const char *end = *s ? __fnset(p + 1, (unsigned char)*s, flags, &matches) : NULL;
      if (end) {
        if (!matches || leads || ((flags & FNM_PATHNAME) && *s == '/'))
          return FNM_NOMATCH;
        p = end;
        break;
      }
    } /* a lone [ is itself */
    default: {
      if (*p == '\\' && !(flags & FNM_NOESCAPE) && p[1])
        p++;
      int a = (unsigned char)*p++, b = (unsigned char)*s;
      if (a != b && !((flags & FNM_CASEFOLD) && tolower(a) == tolower(b)))
        return FNM_NOMATCH;
    }
    }
  }
}

int fnmatch(const char *pattern, const char *string, int flags) { return __fnmatch(pattern, string, string, flags); }

int strverscmp(const char *s1, const char *s2) {
  while (*s1 && *s1 == *s2)
    s1++, s2++;
  const char *a = s1, *b = s2;
  if (isdigit((unsigned char)*a) && isdigit((unsigned char)*b)) {
    size_t n = strspn(a, "0123456789"), m = strspn(b, "0123456789");
    if (*a != '0' && *b != '0' && n != m)
      return n < m ? -1 : 1;
  }
  return (unsigned char)*s1 - (unsigned char)*s2;
}

int alphasort(const struct dirent **a, const struct dirent **b) { return strcoll((*a)->d_name, (*b)->d_name); }
int versionsort(const struct dirent **a, const struct dirent **b) { return strverscmp((*a)->d_name, (*b)->d_name); }

int scandir(const char *dirp, struct dirent ***namelist, int (*filter)(const struct dirent *), int (*compar)(const struct dirent **, const struct dirent **)) {
  DIR *dir = opendir(dirp);
  if (!dir)
    return -1;
  struct dirent **all = NULL, *entry;
  int n = 0;
  while ((entry = readdir(dir))) {
    if (filter && !filter(entry))
      continue;
    all = realloc(all, (n + 1) * sizeof *all);
    all[n] = malloc(sizeof *entry);
    memcpy(all[n++], entry, sizeof *entry);
  }
  closedir(dir);
  if (compar && n > 0)
    qsort(all, n, sizeof *all, (int (*)(const void *, const void *))compar);
  *namelist = all;
  return n;
}

static int __gorder(const void *a, const void *b) { return strcoll(*(char *const *)a, *(char *const *)b); }

static void __gadd(glob_t *g, const char *name) {
  size_t at = g->gl_offs + g->gl_pathc++;
  g->gl_pathv = realloc(g->gl_pathv, (at + 2) * sizeof(char *));
  g->gl_pathv[at] = strdup(name);
  g->gl_pathv[at + 1] = NULL;
}

/* `done` is what was matched already, with its slash. */
static int __glob(glob_t *g, const char *done, const char *pattern, int flags, int (*errfunc)(const char *, int)) {
  size_t length = strcspn(pattern, "/");
  char part[256], path[4096];
  snprintf(part, sizeof part, "%.*s", (int)length, pattern);
  const char *rest = pattern + length;
  while (*rest == '/')
    rest++;
  struct stat st;
  if (!strpbrk(part, "*?[")) {
    snprintf(path, sizeof path, "%s%s%s", done, part, *rest || pattern[length] ? "/" : "");
    if (*rest)
      return __glob(g, path, rest, flags, errfunc);
    if (lstat(path, &st) == 0)
      __gadd(g, path);
    return 0;
  }
  DIR *dir = opendir(*done ? done : ".");
  if (!dir) {
    int stop = errfunc ? errfunc(*done ? done : ".", errno) : 0;
    return stop || (flags & GLOB_ERR) ? GLOB_ABORTED : 0;
  }
  struct dirent *entry;
  int result = 0;
  while (result == 0 && (entry = readdir(dir))) {
    if (fnmatch(part, entry->d_name, (flags & GLOB_PERIOD ? 0 : FNM_PERIOD) | (flags & GLOB_NOESCAPE ? FNM_NOESCAPE : 0)) != 0)
      continue;
    snprintf(path, sizeof path, "%s%s%s", done, entry->d_name, *rest ? "/" : "");
    if (*rest) {
      if (entry->d_type == DT_DIR)
        result = __glob(g, path, rest, flags, errfunc);
      continue;
    }
    if ((flags & GLOB_MARK) && entry->d_type == DT_DIR)
      strcat(path, "/");
    __gadd(g, path);
  }
  closedir(dir);
  return result;
}

int glob(const char *restrict pattern, int flags, int (*errfunc)(const char *, int), glob_t *restrict pglob) {
  if (!(flags & GLOB_APPEND)) {
    pglob->gl_pathc = 0;
    pglob->gl_pathv = NULL;
    if (!(flags & GLOB_DOOFFS))
      pglob->gl_offs = 0;
  }
  size_t before = pglob->gl_pathc;
  int absolute = *pattern == '/';
  int result = __glob(pglob, absolute ? "/" : "", pattern + absolute, flags, errfunc);
  if (result == 0 && pglob->gl_pathc == before) {
    if (!(flags & GLOB_NOCHECK) && !((flags & GLOB_NOMAGIC) && !strpbrk(pattern, "*?[")))
      return GLOB_NOMATCH;
    __gadd(pglob, pattern);
  }
  for (size_t i = 0; i < pglob->gl_offs && pglob->gl_pathv; i++)
    pglob->gl_pathv[i] = NULL;
  if (!(flags & GLOB_NOSORT) && pglob->gl_pathc > before)
    qsort(pglob->gl_pathv + pglob->gl_offs + before, pglob->gl_pathc - before, sizeof(char *), __gorder);
  return result;
}

void globfree(glob_t *pglob) {
  for (size_t i = 0; i < pglob->gl_pathc; i++)
    free(pglob->gl_pathv[pglob->gl_offs + i]);
  free(pglob->gl_pathv);
  pglob->gl_pathv = NULL;
  pglob->gl_pathc = 0;
}

/* One of the two functions is NULL. */
static int __ftw(const char *path, int base, int level, int flags,
                 int (*plain)(const char *, const struct stat *, int),
                 int (*fn)(const char *, const struct stat *, int, struct FTW *)) {
  struct stat st;
  struct FTW where = { base, level };
  int type = FTW_F, result = 0;
  if ((flags & FTW_PHYS ? lstat : stat)(path, &st) < 0)
    type = FTW_NS;
  else if (S_ISDIR(st.st_mode))
    type = flags & FTW_DEPTH ? FTW_DP : FTW_D;
  DIR *dir = NULL;
  if ((type == FTW_D || type == FTW_DP) && !(dir = opendir(path)))
    type = FTW_DNR;
  if (type != FTW_DP)
    result = fn ? fn(path, &st, type, &where) : plain(path, &st, type);
  if (!dir)
    return result;
  struct dirent *entry;
  char name[4096];
  while (result == 0 && (entry = readdir(dir))) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
      continue;
    int slash = path[strlen(path) - 1] != '/';
    snprintf(name, sizeof name, "%s%s%s", path, slash ? "/" : "", entry->d_name);
    result = __ftw(name, strlen(path) + slash, level + 1, flags, plain, fn);
  }
  closedir(dir);
  if (result == 0 && type == FTW_DP)
    result = fn(path, &st, type, &where);
  return result;
}

static int __ftw_base(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash && slash[1] ? slash + 1 - path : 0;
}

int ftw(const char *dirpath, int (*fn)(const char *, const struct stat *, int), int nopenfd) {
  (void)nopenfd;
  return __ftw(dirpath, __ftw_base(dirpath), 0, 0, fn, NULL);
}

int nftw(const char *dirpath, int (*fn)(const char *, const struct stat *, int, struct FTW *), int nopenfd, int flags) {
  (void)nopenfd;
  return __ftw(dirpath, __ftw_base(dirpath), 0, flags, NULL, fn);
}

/* ---- suboptions and dates */

int getsubopt(char **optionp, char *const *tokens, char **valuep) {
  char *word = *optionp, *end = strchrnul(word, ','), *equals = memchr(word, '=', end - word);
  if (!*word)
    return -1;
  size_t length = (equals ? equals : end) - word;
  *optionp = *end ? end + 1 : end;
  *end = 0;
  for (int i = 0; tokens[i]; i++)
    if (strncmp(tokens[i], word, length) == 0 && !tokens[i][length]) {
      *valuep = equals ? equals + 1 : NULL;
      return i;
    }
  *valuep = word;
  return -1;
}

static const char *__digits(const char *s, int low, int high, int width, int *value) {
  while (isspace((unsigned char)*s))
    s++;
  if (!isdigit((unsigned char)*s))
    return NULL;
  int n = 0;
  while (width-- > 0 && isdigit((unsigned char)*s) && n * 10 + *s - '0' <= high)
    n = n * 10 + *s++ - '0';
  *value = n;
  return n < low ? NULL : s;
}

/* A name of a list, whole or its first three letters. */
static const char *__named(const char *s, const char *const *names, int count, int *value) {
  for (int i = 0; i < count; i++) {
    size_t length = strlen(names[i]);
    if (strncasecmp(s, names[i], length) == 0 || (length = 3, strncasecmp(s, names[i], 3) == 0)) {
      *value = i;
      return s + length;
    }
  }
  return NULL;
}

char *strptime(const char *restrict s, const char *restrict format, struct tm *restrict tm) {
  static const char *const months[] = { "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December" };
  static const char *const days[] = { "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday" };
  int n = 0, afternoon = -1, century = -1, has_date = 0, has_year_day = 0;
  for (const char *f = format; *f && s; f++) {
    if (isspace((unsigned char)*f)) {
      while (isspace((unsigned char)*s))
        s++;
      continue;
    }
    if (*f != '%') {
      if (*s++ != *f)
        return NULL;
      continue;
    }
    f++;
    if (*f == 'E' || *f == 'O')
      f++;
    const char *whole = NULL;
    switch (*f) {
    case '%':
      if (*s++ != '%')
        return NULL;
      break;
    case 'n':
    case 't':
      while (isspace((unsigned char)*s))
        s++;
      break;
    case 'a':
    case 'A': s = __named(s, days, 7, &tm->tm_wday); break;
    case 'b':
    case 'B':
    case 'h': s = __named(s, months, 12, &tm->tm_mon); has_date |= 1; break;
    case 'C': s = __digits(s, 0, 99, 2, &century); has_date |= 4; break;
    case 'd':
    case 'e': s = __digits(s, 1, 31, 2, &tm->tm_mday); has_date |= 2; break;
    case 'H':
    case 'k': s = __digits(s, 0, 23, 2, &tm->tm_hour); break;
    case 'I':
    case 'l':
      if ((s = __digits(s, 1, 12, 2, &n)))
        tm->tm_hour = n % 12;
      if (afternoon < 0)
        afternoon = 0;
      break;
    case 'j':
      if ((s = __digits(s, 1, 366, 3, &n)))
        tm->tm_yday = n - 1;
      has_year_day = 1;
      break;
    case 'm':
      if ((s = __digits(s, 1, 12, 2, &n)))
        tm->tm_mon = n - 1;
      has_date |= 1;
      break;
    case 'M': s = __digits(s, 0, 59, 2, &tm->tm_min); break;
    case 'S': s = __digits(s, 0, 61, 2, &tm->tm_sec); break;
    case 'p':
      if (strncasecmp(s, "am", 2) != 0 && strncasecmp(s, "pm", 2) != 0)
        return NULL;
      afternoon = tolower((unsigned char)*s) == 'p';
      s += 2;
      break;
    case 's': {
      char *end;
      time_t seconds = strtoll(s, &end, 10);
      if (end == s || !localtime_r(&seconds, tm))
        return NULL;
      s = end;
      break;
    }
    case 'u':
      if ((s = __digits(s, 1, 7, 1, &n)))
        tm->tm_wday = n % 7;
      break;
    case 'w': s = __digits(s, 0, 6, 1, &tm->tm_wday); break;
    case 'y':
      if ((s = __digits(s, 0, 99, 2, &n)))
        tm->tm_year = n >= 69 ? n : n + 100;
      has_date |= 4;
      break;
    case 'Y':
      if ((s = __digits(s, 0, 9999, 4, &n)))
        tm->tm_year = n - 1900;
      century = -1;
      has_date |= 4;
      break;
    case 'z': {
      while (*s == ' ')
        s++;
      if (*s == 'Z') {
        s++;
        tm->tm_gmtoff = 0;
        break;
      }
      int sign = *s == '-' ? -1 : 1, hours, minutes = 0;
      if (*s != '+' && *s != '-')
        return NULL;
      if ((s = __digits(s + 1, 0, 23, 2, &hours))) {
        if (*s == ':')
          s++;
        if (isdigit((unsigned char)*s))
          s = __digits(s, 0, 59, 2, &minutes);
        tm->tm_gmtoff = sign * (hours * 3600 + minutes * 60);
      }
      break;
    }
    case 'Z':
      while (isalpha((unsigned char)*s))
        s++;
      break;
    case 'c': whole = "%a %b %e %H:%M:%S %Y"; break;
    case 'D':
    case 'x': whole = "%m/%d/%y"; break;
    case 'F': whole = "%Y-%m-%d"; break;
    case 'R': whole = "%H:%M"; break;
    case 'r': whole = "%I:%M:%S %p"; break;
    case 'T':
    case 'X': whole = "%H:%M:%S"; break;
    default: return NULL;
    }
    if (whole)
      s = strptime(s, whole, tm);
  }
  if (!s)
    return NULL;
  if (afternoon > 0)
    tm->tm_hour += 12;
  if (century >= 0)
    tm->tm_year = (century - 19) * 100 + tm->tm_year % 100;
  if (has_date == 7) {
    struct tm copy = { .tm_year = tm->tm_year, .tm_mon = tm->tm_mon, .tm_mday = tm->tm_mday };
    timegm(&copy);
    tm->tm_wday = copy.tm_wday;
    tm->tm_yday = copy.tm_yday;
  } else if (has_year_day && (has_date & 4)) {
    struct tm copy = { .tm_year = tm->tm_year, .tm_mday = tm->tm_yday + 1 };
    timegm(&copy);
    tm->tm_wday = copy.tm_wday;
    tm->tm_mon = copy.tm_mon;
    tm->tm_mday = copy.tm_mday;
  }
  return (char *)s;
}

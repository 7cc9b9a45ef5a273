/* regex.h: POSIX basic and extended regular expressions, regex(7). A pattern becomes a program for
   a machine that follows all its threads at once, so that no pattern is slow; of the matches that
   begin first the longest is taken. Back-references (\1) are refused with REG_ESUBREG. */

#include <ctype.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { R_CHAR, R_ANY, R_SET, R_BOL, R_EOL, R_SPLIT, R_JUMP, R_SAVE, R_MATCH, R_WORD, R_NOTWORD, R_BOW, R_EOW };

struct __rinst { int op, x, y; unsigned char *set; };

struct __rprog {
  struct __rinst *code;
  int length, room, flags, groups, error;
  const char *at;
};

static int __remit(struct __rprog *p, int op, int x, int y) {
  if (p->length >= 20000) {
    p->error = REG_ESPACE;
    return 0;
  }
  if (p->length == p->room) {
    p->room = p->room ? p->room * 2 : 32;
    p->code = realloc(p->code, p->room * sizeof *p->code);
  }
  struct __rinst one = { op, x, y, NULL };
  p->code[p->length] = one;
  return p->length++;
}

/* Makes room for `n` instructions at `at`: those that jump behind it are put right. */
static void __ropen(struct __rprog *p, int at, int n) {
  int old = p->length;
  for (int i = 0; i < n; i++)
    __remit(p, R_JUMP, 0, 0);
  if (p->error)
    return;
  for (int i = old - 1; i >= at; i--) {
    struct __rinst one = p->code[i];
    if (one.op == R_SPLIT || one.op == R_JUMP) {
      if (one.x >= at)
        one.x += n;
      if (one.op == R_SPLIT && one.y >= at)
        one.y += n;
    }
    p->code[i + n] = one;
  }
}

/* A copy of the instructions from `from` to `to` at the end. */
static void __rcopy(struct __rprog *p, int from, int to) {
  int by = p->length - from;
  for (int i = from; i < to && !p->error; i++) {
    struct __rinst one = p->code[i];
    int jumps = one.op == R_SPLIT || one.op == R_JUMP;
    int new = __remit(p, one.op, jumps ? one.x + by : one.x, one.op == R_SPLIT ? one.y + by : one.y);
    if (one.set && !p->error) {
      p->code[new].set = malloc(256);
      memcpy(p->code[new].set, one.set, 256);
    }
  }
}

static void __ralternatives(struct __rprog *p, int depth);

static int __rclass(const char *name, size_t length, int c) {
  static const char *const names[] = { "alnum", "alpha", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper", "xdigit" };
  int found = -1;
  for (int i = 0; i < 12; i++)
    if (strlen(names[i]) == length && strncmp(names[i], name, length) == 0)
      found = i;
  switch (found) {
  case 0: return isalnum(c) != 0;
  case 1: return isalpha(c) != 0;
  case 2: return c == ' ' || c == '\t';
  case 3: return iscntrl(c) != 0;
  case 4: return isdigit(c) != 0;
  case 5: return isgraph(c) != 0;
  case 6: return islower(c) != 0;
  case 7: return isprint(c) != 0;
  case 8: return ispunct(c) != 0;
  case 9: return isspace(c) != 0;
  case 10: return isupper(c) != 0;
  case 11: return isxdigit(c) != 0;
  default: return -1;
  }
}

/* The set after a `[`. */
static void __rset(struct __rprog *p) {
  unsigned char *set = calloc(256, 1);
  int not = 0;
  if (*p->at == '^') {
    not = 1;
    p->at++;
  }
  for (int first = 1; first || *p->at != ']'; first = 0) {
    if (!*p->at) {
      p->error = REG_EBRACK;
      free(set);
      return;
    }
    if (p->at[0] == '[' && p->at[1] == ':') {
      const char *end = strstr(p->at + 2, ":]");
      if (!end || __rclass(p->at + 2, end - p->at - 2, 'a') < 0) {
        p->error = end ? REG_ECTYPE : REG_EBRACK;
        free(set);
        return;
      }
      for (int c = 0; c < 256; c++)
        if (__rclass(p->at + 2, end - p->at - 2, c) > 0)
          set[c] = 1;
      p->at = end + 2;
      continue;
    }
    int low = (unsigned char)*p->at++, high = low;
    if (p->at[0] == '-' && p->at[1] && p->at[1] != ']') {
      high = (unsigned char)p->at[1];
      p->at += 2;
      if (high < low) {
        p->error = REG_ERANGE;
        free(set);
        return;
      }
    }
    for (int c = low; c <= high; c++)
      set[c] = 1;
  }
  p->at++;
  if (p->flags & REG_ICASE)
    for (int c = 0; c < 256; c++)
      if (set[c])
        set[tolower(c)] = set[toupper(c)] = 1;
  if (not)
    for (int c = 0; c < 256; c++)
      set[c] = !set[c];
  if (not && (p->flags & REG_NEWLINE))
    set['\n'] = 0;
  set[0] = 0;
  int at = __remit(p, R_SET, 0, 0);
  if (!p->error)
    p->code[at].set = set;
}

static int __rextended(struct __rprog *p) { return (p->flags & REG_EXTENDED) != 0; }

/* Whether the operator `c` comes: by itself in extended expressions, behind `\` in basic ones. */
static int __ris(struct __rprog *p, int c) {
  return __rextended(p) ? p->at[0] == c : p->at[0] == '\\' && p->at[1] == c;
}

static int __rnumber(struct __rprog *p) {
  int n = -1;
  while (isdigit((unsigned char)*p->at) && n < 10000)
    n = (n < 0 ? 0 : n * 10) + *p->at++ - '0';
  return n;
}

/* One thing and how often. */
static void __rpiece(struct __rprog *p, int first, int depth) {
  int from = p->length, extended = __rextended(p);
  if (__ris(p, '(')) {
    p->at += extended ? 1 : 2;
    int group = ++p->groups;
    __remit(p, R_SAVE, 2 * group, 0);
    __ralternatives(p, depth + 1);
    if (p->error)
      return;
    if (!__ris(p, ')')) {
      p->error = REG_EPAREN;
      return;
    }
    p->at += extended ? 1 : 2;
    __remit(p, R_SAVE, 2 * group + 1, 0);
  } else if (*p->at == '[') {
    p->at++;
    __rset(p);
  } else if (*p->at == '.') {
    p->at++;
    __remit(p, R_ANY, 0, 0);
  } else if (*p->at == '^' && (extended || first)) {
    p->at++;
    __remit(p, R_BOL, 0, 0);
    if (!extended)
      return;
  } else if (*p->at == '$' && (extended || !p->at[1] || (p->at[1] == '\\' && p->at[2] == ')'))) {
    p->at++;
    __remit(p, R_EOL, 0, 0);
  } else if (extended && first && (*p->at == '*' || *p->at == '+' || *p->at == '?')) {
    p->error = REG_BADRPT;
    return;
  } else if (*p->at == '\\') {
    if (!p->at[1]) {
      p->error = REG_EESCAPE;
      return;
    }
    int c = (unsigned char)p->at[1];
    p->at += 2;
    if (isdigit(c)) {
      p->error = REG_ESUBREG;
      return;
    }
    if (c == 'w' || c == 'W' || c == 's' || c == 'S') {
      unsigned char *set = calloc(256, 1);
      for (int i = 1; i < 256; i++)
        set[i] = (tolower(c) == 'w' ? isalnum(i) || i == '_' : isspace(i)) ? islower(c) != 0 : isupper(c) != 0;
      int at = __remit(p, R_SET, 0, 0);
      p->code[at].set = set;
    } else if (c == 'b' || c == 'B' || c == '<' || c == '>') {
      __remit(p, c == 'b' ? R_WORD : c == 'B' ? R_NOTWORD : c == '<' ? R_BOW : R_EOW, 0, 0);
    } else {
      __remit(p, R_CHAR, c, 0);
    }
  } else {
    __remit(p, R_CHAR, (unsigned char)*p->at++, 0);
  }
  while (!p->error) {
    int least, most;
    if (*p->at == '*') {
      p->at++;
      least = 0;
      most = -1;
    } else if (__ris(p, '+') || __ris(p, '?')) {
      int plus = p->at[!extended] == '+';
      p->at += extended ? 1 : 2;
      least = plus;
      most = plus ? -1 : 1;
    } else if (__ris(p, '{') && (!extended || isdigit((unsigned char)p->at[1]) || p->at[1] == ',')) {
      p->at += extended ? 1 : 2;
      least = __rnumber(p);
      most = least;
      if (*p->at == ',') {
        p->at++;
        most = __rnumber(p);
        if (least < 0)
          least = 0;
      }
      if (!__ris(p, '}')) {
        p->error = REG_EBRACE;
        return;
      }
      p->at += extended ? 1 : 2;
      if (least < 0 || least > 255 || most > 255 || (most >= 0 && most < least)) {
        p->error = REG_BADBR;
        return;
      }
    } else {
      return;
    }
    int to = p->length;
    if (least == 0 && most != 0) {
      __ropen(p, from, 1);
      if (p->error)
        return;
      p->code[from] = (struct __rinst){ R_SPLIT, from + 1, to + 1 + (most < 0), NULL };
      if (most < 0)
        __remit(p, R_JUMP, from, 0);
      for (int i = 1; i < most && !p->error; i++) {
        int split = __remit(p, R_SPLIT, p->length + 1, 0);
        __rcopy(p, from + 1, to + 1);
        if (!p->error)
          p->code[split].y = p->length;
      }
    } else {
      int last = from;
      for (int i = 1; i < least && !p->error; i++) {
        last = p->length;
        __rcopy(p, from, to);
      }
      if (most < 0)
        __remit(p, R_SPLIT, last, p->length + 1);
      for (int i = least; i < most && !p->error; i++) {
        int split = __remit(p, R_SPLIT, p->length + 1, 0);
        __rcopy(p, from, to);
        if (!p->error)
          p->code[split].y = p->length;
      }
    }
  }
}

static void __ralternatives(struct __rprog *p, int depth) {
  if (depth > 60) {
    p->error = REG_ESPACE;
    return;
  }
  int from = p->length, first = 1;
  while (!p->error && *p->at && !(__ris(p, ')') && depth > 0)) {
    if (__ris(p, '|')) {
      p->at += __rextended(p) ? 1 : 2;
      __ropen(p, from, 1);
      int jump = __remit(p, R_JUMP, 0, 0);
      if (p->error)
        return;
      p->code[from] = (struct __rinst){ R_SPLIT, from + 1, p->length, NULL };
      __ralternatives(p, depth);
      if (!p->error)
        p->code[jump].x = p->length;
      return;
    }
    __rpiece(p, first, depth);
    first = 0;
  }
}

static void __rfree(struct __rprog *p) {
  for (int i = 0; i < p->length; i++)
    free(p->code[i].set);
  free(p->code);
  free(p);
}

int regcomp(regex_t *preg, const char *pattern, int cflags) {
  struct __rprog *p = calloc(1, sizeof *p);
  p->flags = cflags;
  p->at = pattern;
  __remit(p, R_SAVE, 0, 0);
  __ralternatives(p, 0);
  __remit(p, R_SAVE, 1, 0);
  __remit(p, R_MATCH, 0, 0);
  memset(preg, 0, sizeof *preg);
  int error = p->error;
  if (error) {
    __rfree(p);
    return error;
  }
  preg->__buffer = p;
  preg->re_nsub = p->groups;
  return 0;
}

/* ---- the machine */

struct __rlist { int length; int *at; int *saved; };

struct __rrun {
  struct __rprog *p;
  const char *text;
  int flags, slots, mark, *marks;
};

static int __rword(int c) { return isalnum(c) || c == '_'; }

/* Adds a thread, with all that it reaches without reading a character. */
static void __radd(struct __rrun *run, struct __rlist *list, int at, int *saved, int pos) {
  if (run->marks[at] == run->mark)
    return;
  run->marks[at] = run->mark;
  const struct __rinst *one = &run->p->code[at];
  int before = pos > 0 ? (unsigned char)run->text[pos - 1] : 0, here = (unsigned char)run->text[pos];
  int lines = run->p->flags & REG_NEWLINE;
  int passes = 1;
  switch (one->op) {
  case R_JUMP: __radd(run, list, one->x, saved, pos); return;
  case R_SPLIT:
    __radd(run, list, one->x, saved, pos);
    __radd(run, list, one->y, saved, pos);
    return;
  case R_SAVE: {
    int old = saved[one->x];
    saved[one->x] = pos;
    __radd(run, list, at + 1, saved, pos);
    saved[one->x] = old;
    return;
  }
  case R_BOL: passes = pos == 0 ? !(run->flags & REG_NOTBOL) : lines && before == '\n'; break;
  case R_EOL: passes = !here ? !(run->flags & REG_NOTEOL) : lines && here == '\n'; break;
  case R_WORD: passes = __rword(before) != __rword(here); break;
  case R_NOTWORD: passes = __rword(before) == __rword(here); break;
  case R_BOW: passes = !__rword(before) && __rword(here); break;
  case R_EOW: passes = __rword(before) && !__rword(here); break;
  default:
    list->at[list->length] = at;
    memcpy(list->saved + (size_t)list->length * run->slots, saved, run->slots * sizeof(int));
    list->length++;
    return;
  }
  if (passes)
    __radd(run, list, at + 1, saved, pos);
}

static int __rtakes(const struct __rprog *p, const struct __rinst *one, int c) {
  if (!c)
    return 0;
  switch (one->op) {
  case R_CHAR: return c == one->x || ((p->flags & REG_ICASE) && tolower(c) == tolower(one->x));
  case R_ANY: return !(p->flags & REG_NEWLINE) || c != '\n';
  case R_SET: return one->set[c];
  default: return 0;
  }
}

int regexec(const regex_t *preg, const char *string, size_t nmatch, regmatch_t pmatch[], int eflags) {
  struct __rprog *p = preg->__buffer;
  struct __rrun run = { p, string, eflags, 2 * (p->groups + 1), 0, calloc(p->length, sizeof(int)) };
  struct __rlist now = { 0, malloc(p->length * sizeof(int)), malloc((size_t)p->length * run.slots * sizeof(int)) };
  struct __rlist next = { 0, malloc(p->length * sizeof(int)), malloc((size_t)p->length * run.slots * sizeof(int)) };
  int *saved = malloc(run.slots * sizeof(int)), *best = malloc(run.slots * sizeof(int)), found = 0;
  for (int pos = 0;; pos++) {
    if (!found) {
      if (now.length == 0)
        run.mark++;
      for (int i = 0; i < run.slots; i++)
        saved[i] = -1;
      __radd(&run, &now, 0, saved, pos);
    }
    int c = (unsigned char)string[pos];
    run.mark++;
    next.length = 0;
    for (int i = 0; i < now.length; i++) {
      const struct __rinst *one = &p->code[now.at[i]];
      int *its = now.saved + (size_t)i * run.slots;
      if (one->op == R_MATCH) {
        if (!found || its[0] < best[0] || (its[0] == best[0] && its[1] > best[1]))
          memcpy(best, its, run.slots * sizeof(int));
        found = 1;
      } else if (__rtakes(p, one, c) && (!found || its[0] <= best[0])) {
        __radd(&run, &next, now.at[i] + 1, its, pos + 1);
      }
    }
    struct __rlist other = now;
    now = next;
    next = other;
    if (!c || (found && now.length == 0))
      break;
  }
  if (found && !(p->flags & REG_NOSUB))
    for (size_t i = 0; i < nmatch; i++) {
      int known = i <= (size_t)p->groups && best[2 * i + 1] >= 0;
      pmatch[i].rm_so = known ? best[2 * i] : -1;
      pmatch[i].rm_eo = known ? best[2 * i + 1] : -1;
    }
  free(run.marks);
  free(now.at);
  free(now.saved);
  free(next.at);
  free(next.saved);
  free(saved);
  free(best);
  return found ? 0 : REG_NOMATCH;
}

size_t regerror(int errcode, const regex_t *preg, char *errbuf, size_t errbuf_size) {
  static const char *const texts[] = {
    "Success", "No match", "Invalid regular expression", "Invalid collation character",
    "Invalid character class name", "Trailing backslash", "Invalid back reference",
    "Unmatched [, [^, [:, [., or [=", "Unmatched ( or \\(", "Unmatched \\{",
    "Invalid content of \\{\\}", "Invalid range end", "Memory exhausted",
    "Invalid preceding regular expression", "Premature end of regular expression",
    "Regular expression too big", "Unmatched ) or \\)",
  };
  (void)preg;
  const char *text = errcode >= 0 && errcode <= 16 ? texts[errcode] : "Unknown regexp error";
  if (errbuf_size > 0)
    snprintf(errbuf, errbuf_size, "%s", text);
  return strlen(text) + 1;
}

void regfree(regex_t *preg) {
  if (preg->__buffer)
    __rfree(preg->__buffer);
  preg->__buffer = NULL;
}

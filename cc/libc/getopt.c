/* getopt(3) with GNU's permutation of arguments, and getopt_long(3). */

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *optarg;
int optind = 1;
int opterr = 1;
int optopt = '?';

static char *__next_char;
static int __first_nonopt = 1;
static int __last_nonopt = 1;
static int __getopt_started;

/* Moves the options behind the operands that were skipped in front of them. */
static void __exchange(char **argv) {
  int bottom = __first_nonopt;
  int middle = __last_nonopt;
  int top = optind;
  char *moved;
  for (int i = middle; i < top; i++) {
    moved = argv[i];
    int to = bottom + (i - middle);
    for (int j = i; j > to; j--)
      argv[j] = argv[j - 1];
    argv[to] = moved;
  }
  __first_nonopt += optind - __last_nonopt;
  __last_nonopt = optind;
}

static int __long_option(int argc, char **argv, const char *optstring, const struct option *longopts, int *longindex, int print_errors, const char *prefix) {
  char *name_end = __next_char;
  while (*name_end && *name_end != '=')
    name_end++;
  size_t name_len = (size_t)(name_end - __next_char);
  const struct option *found = NULL;
  int index = 0;
  int ambiguous = 0;
  for (int i = 0; longopts[i].name; i++)
    if (__libc_strncmp(longopts[i].name, __next_char, name_len) == 0) {
      if (__libc_strlen(longopts[i].name) == name_len) {
        found = &longopts[i];
        index = i;
        ambiguous = 0;
        break;
      }
      if (!found) {
        found = &longopts[i];
        index = i;
      } else if (found->has_arg != longopts[i].has_arg || found->flag != longopts[i].flag || found->val != longopts[i].val) {
        ambiguous = 1;
      }
    }
  if (ambiguous) {
    if (print_errors) {
      fprintf(stderr, "%s: option '%s%s' is ambiguous; possibilities:", argv[0], prefix, __next_char);
      for (int i = 0; longopts[i].name; i++)
        if (__libc_strncmp(longopts[i].name, __next_char, name_len) == 0)
          fprintf(stderr, " '%s%s'", prefix, longopts[i].name);
      fprintf(stderr, "\n");
    }
    __next_char += __libc_strlen(__next_char);
    optind++;
    optopt = 0;
    return '?';
  }
  if (!found) {
    if (print_errors)
      fprintf(stderr, "%s: unrecognized option '%s%s'\n", argv[0], prefix, __next_char);
    __next_char = NULL;
    optind++;
    optopt = 0;
    return '?';
  }
  optind++;
  __next_char = NULL;
  if (*name_end) {
    if (!found->has_arg) {
      if (print_errors)
        fprintf(stderr, "%s: option '%s%s' doesn't allow an argument\n", argv[0], prefix, found->name);
      optopt = found->val;
      return '?';
    }
    optarg = name_end + 1;
  } else if (found->has_arg == required_argument) {
    if (optind < argc) {
      optarg = argv[optind++];
    } else {
      if (print_errors)
        fprintf(stderr, "%s: option '%s%s' requires an argument\n", argv[0], prefix, found->name);
      optopt = found->val;
      return optstring[0] == ':' ? ':' : '?';
    }
  }
  if (longindex)
    *longindex = index;
  if (found->flag) {
    *found->flag = found->val;
    return 0;
  }
  return found->val;
}

static int __getopt(int argc, char **argv, const char *optstring, const struct option *longopts, int *longindex, int long_only) {
  if (argc < 1)
    return -1;
  optarg = NULL;
  if (optind == 0 || !__getopt_started) {
    if (optind == 0)
      optind = 1;
    __first_nonopt = __last_nonopt = optind;
    __next_char = NULL;
    __getopt_started = 1;
  }
  int ordering = 1; /* 0: stop at the first operand, 1: permute, 2: return operands in order */
  if (*optstring == '-') {
    ordering = 2;
    optstring++;
  } else if (*optstring == '+') {
    ordering = 0;
    optstring++;
  } else if (getenv("POSIXLY_CORRECT")) {
    ordering = 0;
  }
  int print_errors = *optstring == ':' ? 0 : opterr;
  if (!__next_char || !*__next_char) {
    if (__last_nonopt > optind)
      __last_nonopt = optind;
    if (__first_nonopt > optind)
      __first_nonopt = optind;
    if (ordering == 1) {
      if (__first_nonopt != __last_nonopt && __last_nonopt != optind)
        __exchange(argv);
      else if (__last_nonopt != optind)
        __first_nonopt = optind;
      while (optind < argc && (argv[optind][0] != '-' || argv[optind][1] == '\0'))
        optind++;
      __last_nonopt = optind;
    }
    if (optind != argc && __libc_strcmp(argv[optind], "--") == 0) {
      optind++;
      if (__first_nonopt != __last_nonopt && __last_nonopt != optind)
        __exchange(argv);
      else if (__first_nonopt == __last_nonopt)
        __first_nonopt = optind;
      __last_nonopt = argc;
      optind = argc;
    }
    if (optind == argc) {
      if (__first_nonopt != __last_nonopt)
        optind = __first_nonopt;
      return -1;
    }
    if (argv[optind][0] != '-' || argv[optind][1] == '\0') {
      if (ordering == 0)
        return -1;
      optarg = argv[optind++];
      return 1;
    }
    if (longopts) {
      if (argv[optind][1] == '-') {
        __next_char = argv[optind] + 2;
        return __long_option(argc, argv, optstring, longopts, longindex, print_errors, "--");
      }
      if (long_only && (argv[optind][2] || !__libc_strchr(optstring, argv[optind][1]))) {
        __next_char = argv[optind] + 1;
        return __long_option(argc, argv, optstring, longopts, longindex, print_errors, "-");
      }
    }
    __next_char = argv[optind] + 1;
  }
  char c = *__next_char++;
  const char *known = c == ':' || c == ';' ? NULL : __libc_strchr(optstring, c);
  if (*__next_char == '\0')
    optind++;
  if (!known) {
    if (print_errors)
      fprintf(stderr, "%s: invalid option -- '%c'\n", argv[0], c);
    optopt = c;
    return '?';
  }
  if (known[1] == ':') {
    if (known[2] == ':') {
      if (*__next_char) {
        optarg = __next_char;
        optind++;
      }
      __next_char = NULL;
    } else {
      if (*__next_char) {
        optarg = __next_char;
        optind++;
      } else if (optind == argc) {
        if (print_errors)
          fprintf(stderr, "%s: option requires an argument -- '%c'\n", argv[0], c);
        optopt = c;
        c = optstring[0] == ':' ? ':' : '?';
      } else {
        optarg = argv[optind++];
      }
      __next_char = NULL;
    }
  }
  return c;
}

int getopt(int argc, char *const *argv, const char *optstring) { return __getopt(argc, (char **)argv, optstring, NULL, NULL, 0); }

int getopt_long(int argc, char *const *argv, const char *optstring, const struct option *longopts, int *longindex) {
  return __getopt(argc, (char **)argv, optstring, longopts, longindex, 0);
}

int getopt_long_only(int argc, char *const *argv, const char *optstring, const struct option *longopts, int *longindex) {
  return __getopt(argc, (char **)argv, optstring, longopts, longindex, 1);
}

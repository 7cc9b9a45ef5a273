#ifndef _CRYPT_H
#define _CRYPT_H 1
#include <sys/cdefs.h>
char *crypt(const char *phrase, const char *setting);
struct crypt_data {
  char output[384];
  char setting[384];
  char input[512];
  char reserved[767];
  char initialized;
  char internal[30720];
};
char *crypt_r(const char *phrase, const char *setting, struct crypt_data *data);
char *crypt_rn(const char *phrase, const char *setting, void *data, int size);
char *crypt_ra(const char *phrase, const char *setting, void **data, int *size);
char *crypt_gensalt(const char *prefix, unsigned long count, const char *rbytes, int nrbytes);
char *crypt_gensalt_rn(const char *prefix, unsigned long count, const char *rbytes, int nrbytes, char *output, int __output_size);
char *crypt_gensalt_r(const char *prefix, unsigned long count, const char *rbytes, int nrbytes, char *output, int __output_size) __asm__("" "crypt_gensalt_rn");
char *crypt_gensalt_ra(const char *prefix, unsigned long count, const char *rbytes, int nrbytes);
int crypt_checksalt(const char *setting);
const char *crypt_preferred_method(void);
#define CRYPT_OUTPUT_SIZE 384
#define CRYPT_MAX_PASSPHRASE_SIZE 512
#define CRYPT_GENSALT_OUTPUT_SIZE 192
#define CRYPT_DATA_RESERVED_SIZE 767
#define CRYPT_DATA_INTERNAL_SIZE 30720
#define CRYPT_SALT_OK 0
#define CRYPT_SALT_INVALID 1
#define CRYPT_SALT_METHOD_DISABLED 2
#define CRYPT_SALT_METHOD_LEGACY 3
#define CRYPT_SALT_TOO_CHEAP 4
#define CRYPT_GENSALT_IMPLEMENTS_DEFAULT_PREFIX 1
#define CRYPT_GENSALT_IMPLEMENTS_AUTO_ENTROPY 1
#define CRYPT_CHECKSALT_AVAILABLE 1
#define CRYPT_PREFERRED_METHOD_AVAILABLE 1
#define XCRYPT_VERSION_MAJOR 4
#define XCRYPT_VERSION_MINOR 4
#define XCRYPT_VERSION_NUM 0x40004
#define XCRYPT_VERSION_STR "4.4.33"
#endif

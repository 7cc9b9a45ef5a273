/* Files, directories, names: what the textbooks' servers do with them. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static void show(const char *what, long n) { printf("%s: %ld %s\n", what, n, n < 0 ? strerror(errno) : ""); }

static int by_name(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static void list(const char *name)
{
    char *names[16];
    int count = 0;
    DIR *dir = opendir(name);
    struct dirent *entry;
    if (!dir) {
        printf("opendir %s: %s\n", name, strerror(errno));
        return;
    }
    while ((entry = readdir(dir)) && count < 16) {
        char text[64];
        snprintf(text, sizeof text, "%s %d", entry->d_name, entry->d_type);
        names[count++] = strdup(text);
    }
    closedir(dir);
    qsort(names, count, sizeof names[0], by_name);
    for (int i = 0; i < count; i++)
        printf("  %s\n", names[i]);
}

int main(void)
{
    struct stat st;
    char text[64];
    int sv[2];
    setvbuf(stdout, NULL, _IONBF, 0);
    show("mkdir", mkdir("/tmp/soquete-dir", 0777));
    show("mkdir again", mkdir("/tmp/soquete-dir", 0777));
    show("chdir", chdir("/tmp/soquete-dir"));
    printf("%s\n", getcwd(text, sizeof text));
    show("getcwd", getcwd(text, 3) ? 0 : -1);
    int fd = open("file", O_RDWR | O_CREAT, 0666);
    fstat(fd, &st);
    printf("mode %o\n", st.st_mode);
    umask(077);
    close(open("private", O_WRONLY | O_CREAT, 0666));
    stat("private", &st);
    printf("mode %o\n", st.st_mode);
    mkfifo("fifo", 0666);
    mkdir("sub", 0755);
    list(".");
    list("file");
    list("nothing");
    write(fd, "0123456789", 10);
    show("pread", pread(fd, text, 4, 3));
    show("pwrite", pwrite(fd, "ab", 2, 8));
    show("pread negative", pread(fd, text, 4, -1));
    show("lseek", lseek(fd, 0, SEEK_CUR));
    show("truncate", truncate("file", 5));
    show("truncate nothing", truncate("nothing", 5));
    show("truncate dir", truncate("sub", 5));
    fstat(fd, &st);
    printf("size %d\n", (int)st.st_size);
    show("rename", rename("file", "sub/other"));
    show("rename nothing", rename("nothing", "x"));
    show("rename onto a directory", rename("private", "sub"));
    show("rename a directory", rename("sub", "sub2"));
    show("rmdir full", rmdir("sub2"));
    show("rmdir file", rmdir("private"));
    show("unlink dir", unlink("sub2"));
    show("remove", remove("sub2/other"));
    show("remove", remove("sub2"));
    show("chdir file", chdir("private"));
    show("chdir nothing", chdir("nothing"));

    socketpair(AF_UNIX, SOCK_STREAM, 0, sv);
    off_t at = 1;
    show("sendfile", sendfile(sv[0], fd, &at, 3));
    printf("offset %d\n", (int)at);
    lseek(fd, 3, SEEK_SET);
    show("sendfile", sendfile(sv[0], fd, NULL, 100));
    show("offset", lseek(fd, 0, SEEK_CUR));
    show("sendfile at the end", sendfile(sv[0], fd, NULL, 100));
    show("sendfile from a socket", sendfile(sv[0], sv[1], NULL, 100));
    text[recv(sv[1], text, 60, 0)] = 0;
    printf("%s\n", text);
    show("access", access("private", R_OK));
    show("access", access("nothing", F_OK));
    show("fsync", fsync(fd));
    show("fsync socket", fsync(sv[0]));
    unlink("private");
    unlink("fifo");
    chdir("/");
    show("rmdir", rmdir("/tmp/soquete-dir"));
    return 0;
}

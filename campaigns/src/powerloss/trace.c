/*
 * One library, so one file, longer than others here.
 *
 * Loaded into a process with LD_PRELOAD: writes down, in order, what the process does to one
 * database, to the files beside it and to their folder. See trace.ts for the form of a record.
 *
 * TRACE_DATABASE  the real path of the database
 * TRACE_FILE      where the records go
 * TRACE_DELAY     how long each sync takes at least, in microseconds
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum file { FOLDER, DATABASE, WAL, JOURNAL, ACKNOWLEDGED, OTHER };

struct header {
  char what;
  uint8_t file;
  uint8_t unused[6];
  uint64_t number;
  uint64_t length;
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static const char *database;
static size_t database_length;
static size_t folder_length;
static useconds_t delay;
static int trace = -1;
static uint64_t records;

static int (*real_open)(const char *, int, ...);
static int (*real_openat)(int, const char *, int, ...);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off64_t);
static ssize_t (*real_writev)(int, const struct iovec *, int);
static ssize_t (*real_pwritev)(int, const struct iovec *, int, off64_t);
static int (*real_fallocate)(int, int, off64_t, off64_t);
static int (*real_ftruncate)(int, off64_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_unlink)(const char *);
static int (*real_unlinkat)(int, const char *, int);
static int (*real_rename)(const char *, const char *);

static void fail(const char *what) {
  fprintf(stderr, "trace: %s: %s\n", what, strerror(errno));
  abort();
}

static void *next(const char *name) {
  void *found = dlsym(RTLD_NEXT, name);
  if (found == NULL) fail(name);
  return found;
}

static void begin(void) {
  *(void **)&real_open = next("open64");
  *(void **)&real_openat = next("openat64");
  *(void **)&real_write = next("write");
  *(void **)&real_pwrite = next("pwrite64");
  *(void **)&real_writev = next("writev");
  *(void **)&real_pwritev = next("pwritev64");
  *(void **)&real_fallocate = next("fallocate64");
  *(void **)&real_ftruncate = next("ftruncate64");
  *(void **)&real_fsync = next("fsync");
  *(void **)&real_fdatasync = next("fdatasync");
  *(void **)&real_unlink = next("unlink");
  *(void **)&real_unlinkat = next("unlinkat");
  *(void **)&real_rename = next("rename");
  database = getenv("TRACE_DATABASE");
  const char *file = getenv("TRACE_FILE");
  const char *microseconds = getenv("TRACE_DELAY");
  if (database == NULL || file == NULL) fail("TRACE_DATABASE and TRACE_FILE are needed");
  database_length = strlen(database);
  folder_length = (size_t)(strrchr(database, '/') - database);
  delay = microseconds == NULL ? 0 : (useconds_t)atoi(microseconds);
  trace = real_open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (trace < 0) fail(file);
}

static void lock(void) { pthread_mutex_lock(&mutex); }
static void unlock(void) { pthread_mutex_unlock(&mutex); }

static enum file named(const char *path) {
  if (strncmp(path, database, folder_length) != 0) return OTHER;
  if (path[folder_length] == '\0') return FOLDER;
  if (strncmp(path, database, database_length) != 0) return OTHER;
  const char *suffix = path + database_length;
  if (*suffix == '\0') return DATABASE;
  if (strcmp(suffix, "-wal") == 0) return WAL;
  if (strcmp(suffix, "-journal") == 0) return JOURNAL;
  if (strcmp(suffix, "-acknowledged") == 0) return ACKNOWLEDGED;
  return OTHER;
}

/* What a descriptor is open on; a file that was removed is of no interest any more. */
static enum file opened(int descriptor) {
  char link[64];
  char path[4096];
  pthread_once(&once, begin);
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length <= 0) return OTHER;
  path[length] = '\0';
  return named(path);
}

static void put(const void *data, size_t length) {
  const char *bytes = data;
  while (length > 0) {
    ssize_t written = real_write(trace, bytes, length);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) fail("writing");
    bytes += written;
    length -= (size_t)written;
  }
}

/* With the mutex held, so that records stand in the order of what they tell. */
static void record(char what, enum file file, uint64_t number, const void *data, size_t length) {
  int error = errno;
  struct header header = {what, (uint8_t)file, {0}, number, length};
  put(&header, sizeof header);
  if (length > 0) put(data, length);
  records++;
  errno = error;
}

/* Something that the model of a disk does not know: then a trace is not to be trusted. */
static void unknown(enum file file) {
  if (file == OTHER) return;
  lock();
  record('X', file, 0, NULL, 0);
  unlock();
}

static int open_at(int folder, const char *path, int flags, mode_t mode) {
  pthread_once(&once, begin);
  if ((flags & (O_CREAT | O_TRUNC)) == 0) return real_openat(folder, path, flags, mode);
  lock();
  int existed = faccessat(folder, path, F_OK, 0) == 0;
  int descriptor = real_openat(folder, path, flags, mode);
  enum file file = descriptor < 0 ? OTHER : opened(descriptor);
  if (file != OTHER && file != ACKNOWLEDGED) {
    if (!existed) record('C', file, 0, NULL, 0);
    else if (flags & O_TRUNC) record('T', file, 0, NULL, 0);
  }
  unlock();
  return descriptor;
}

static mode_t mode_of(int flags, va_list rest) {
  return (flags & (O_CREAT | O_TMPFILE)) ? va_arg(rest, mode_t) : 0;
}

#define OPEN(name)                                  \
  int name(const char *path, int flags, ...) {      \
    va_list rest;                                   \
    va_start(rest, flags);                          \
    mode_t mode = mode_of(flags, rest);             \
    va_end(rest);                                   \
    return open_at(AT_FDCWD, path, flags, mode);    \
  }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                        \
  int name(int folder, const char *path, int flags, ...) {  \
    va_list rest;                                           \
    va_start(rest, flags);                                  \
    mode_t mode = mode_of(flags, rest);                     \
    va_end(rest);                                           \
    return open_at(folder, path, flags, mode);              \
  }
OPENAT(openat)
OPENAT(openat64)

static ssize_t written_at(int descriptor, const void *data, size_t length, off64_t offset) {
  enum file file = opened(descriptor);
  if (file == OTHER) return real_pwrite(descriptor, data, length, offset);
  lock();
  ssize_t written = real_pwrite(descriptor, data, length, offset);
  if (written > 0) record('W', file, (uint64_t)offset, data, (size_t)written);
  unlock();
  return written;
}

ssize_t pwrite(int descriptor, const void *data, size_t length, off_t offset) {
  return written_at(descriptor, data, length, offset);
}

ssize_t pwrite64(int descriptor, const void *data, size_t length, off64_t offset) {
  return written_at(descriptor, data, length, offset);
}

ssize_t write(int descriptor, const void *data, size_t length) {
  enum file file = opened(descriptor);
  if (file == OTHER) return real_write(descriptor, data, length);
  lock();
  off64_t offset = lseek64(descriptor, 0, SEEK_CUR);
  ssize_t written = real_write(descriptor, data, length);
  if (written > 0 && file == ACKNOWLEDGED) record('A', file, 0, data, (size_t)written);
  else if (written > 0) record('W', file, (uint64_t)offset, data, (size_t)written);
  unlock();
  return written;
}

ssize_t writev(int descriptor, const struct iovec *parts, int count) {
  unknown(opened(descriptor));
  return real_writev(descriptor, parts, count);
}

ssize_t pwritev(int descriptor, const struct iovec *parts, int count, off_t offset) {
  unknown(opened(descriptor));
  return real_pwritev(descriptor, parts, count, offset);
}

ssize_t pwritev64(int descriptor, const struct iovec *parts, int count, off64_t offset) {
  unknown(opened(descriptor));
  return real_pwritev(descriptor, parts, count, offset);
}

int fallocate(int descriptor, int mode, off_t offset, off_t length) {
  unknown(opened(descriptor));
  return real_fallocate(descriptor, mode, offset, length);
}

int fallocate64(int descriptor, int mode, off64_t offset, off64_t length) {
  unknown(opened(descriptor));
  return real_fallocate(descriptor, mode, offset, length);
}

static int truncated(int descriptor, off64_t size) {
  enum file file = opened(descriptor);
  if (file == OTHER) return real_ftruncate(descriptor, size);
  lock();
  int result = real_ftruncate(descriptor, size);
  if (result == 0) record('T', file, (uint64_t)size, NULL, 0);
  unlock();
  return result;
}

int ftruncate(int descriptor, off_t size) { return truncated(descriptor, size); }
int ftruncate64(int descriptor, off64_t size) { return truncated(descriptor, size); }

/* A sync is under way without the mutex: other threads write meanwhile, and it does not cover that. */
static int synced(int descriptor, int (*sync)(int)) {
  enum file file = opened(descriptor);
  if (file == OTHER) return sync(descriptor);
  lock();
  uint64_t since = records;
  unlock();
  if (delay > 0) usleep(delay);
  int result = sync(descriptor);
  if (result == 0) {
    lock();
    record('S', file, since, NULL, 0);
    unlock();
  }
  return result;
}

int fsync(int descriptor) {
  pthread_once(&once, begin);
  return synced(descriptor, real_fsync);
}

int fdatasync(int descriptor) {
  pthread_once(&once, begin);
  return synced(descriptor, real_fdatasync);
}

int unlink(const char *path) {
  pthread_once(&once, begin);
  lock();
  int result = real_unlink(path);
  enum file file = named(path);
  if (result == 0 && file != OTHER) record('R', file, 0, NULL, 0);
  unlock();
  return result;
}

int unlinkat(int folder, const char *path, int flags) {
  pthread_once(&once, begin);
  unknown(named(path));
  return real_unlinkat(folder, path, flags);
}

int rename(const char *from, const char *to) {
  pthread_once(&once, begin);
  unknown(named(from));
  unknown(named(to));
  return real_rename(from, to);
}

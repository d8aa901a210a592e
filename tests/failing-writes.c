/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A library that is preloaded into a program and lets one of its writes fail, for
 * test-failing-writes.py.  It counts the calls with which the program changes regular files: open
 * (when it creates the file), write, ftruncate, fsync, close of a stream, and rename.  The
 * environment says what happens:
 *
 *   P2P_WRITES_LIST   a file that gets a line "CALL NAME" for each call; NAME is that of the file
 *   P2P_WRITES_AT     the number of the call that fails, from 1
 *   P2P_WRITES_HOW    how it fails:
 *     once   with EIO; the calls after it work again
 *     full   as on a disk that is full: a write stores half of its bytes, and all writes after it
 *            fail with ENOSPC
 *     kill   a write stores half of its bytes, and the process is killed
 *
 * glibc's streams write without a call that a library could replace.  So the streams that fopen ()
 * and fdopen () open for writing are replaced by streams with functions of our own. */

#define _GNU_SOURCE
#undef _FILE_OFFSET_BITS    /* open () and open64 () are two functions */

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MAX_STREAMS 64

/* The C library's own function of this name. */
#define REAL(function) ((__typeof__ (&function)) dlsym (RTLD_NEXT, #function))

static atomic_int  n_calls;
static atomic_bool disk_full;
static FILE       *streams[MAX_STREAMS];   /* those with functions of our own */
static int         stream_fds[MAX_STREAMS];

static int
raw_open (const char *path,
          int         flags,
          mode_t      mode)
{
  return syscall (SYS_openat, AT_FDCWD, path, flags, mode);
}

static void
list_call (const char *call,
           const char *path)
{
  const char *list = getenv ("P2P_WRITES_LIST");
  const char *slash = strrchr (path, '/');
  char        line[512];
  const int   n = snprintf (line, sizeof line, "%s %s\n", call, slash ? slash + 1 : path);
  const int   fd = list ? raw_open (list, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666) : -1;

  if (fd < 0)
    return;
  if (syscall (SYS_write, fd, line, (size_t) n) != n)
    abort ();
  syscall (SYS_close, fd);
}

static int
is_how (const char *name)
{
  const char *how = getenv ("P2P_WRITES_HOW");

  return how && strcmp (how, name) == 0;
}

/* Counts a call.  Returns whether it is the one that fails. */
static int
count (const char *call,
       const char *path)
{
  const char *at = getenv ("P2P_WRITES_AT");

  list_call (call, path);
  return atomic_fetch_add (&n_calls, 1) + 1 == (at ? atoi (at) : 0);
}

/* Counts a call that stores no bytes.  Returns whether it must fail, with errno set. */
static int
fails (const char *call,
       const char *path)
{
  if (! count (call, path))
    return 0;
  if (is_how ("kill"))
    kill (getpid (), SIGKILL);
  if (is_how ("full"))
    {
      disk_full = 1;
      return 0;
    }
  errno = EIO;
  return 1;
}

/* Whether the file is one to which a program that tests/run --coverage has built adds which of its
 * lines have run. */
static int
is_coverage (const char *path)
{
  const char *end = strrchr (path, '.');

  return end && strcmp (end, ".gcda") == 0;
}

/* Returns the path of the regular file that fd is open for, in buffer, or NULL if it is no regular
 * file of the program's own. */
static const char *
path_of (int    fd,
         char  *buffer,
         size_t size)
{
  char        link[64];
  struct stat info;
  ssize_t     n;

  snprintf (link, sizeof link, "/proc/self/fd/%d", fd);
  if (fstat (fd, &info) != 0 || ! S_ISREG (info.st_mode))
    return NULL;
  n = readlink (link, buffer, size - 1);
  if (n < 0)
    return NULL;
  buffer[n] = 0;
  return is_coverage (buffer) ? NULL : buffer;
}

static int
fd_fails (const char *call,
          int         fd)
{
  char        buffer[4096];
  const char *path = path_of (fd, buffer, sizeof buffer);

  return path && fails (call, path);
}

/* ---- The calls ---------------------------------------------------------------------------- */

ssize_t
write (int         fd,
       const void *data,
       size_t      size)
{
  char        buffer[4096];
  const char *path = path_of (fd, buffer, sizeof buffer);
  const int   hit = path && count ("write", path);

  if (hit && ! is_how ("once") && ! disk_full)
    {
      const ssize_t half = syscall (SYS_write, fd, data, size / 2);

      if (is_how ("kill"))
        kill (getpid (), SIGKILL);
      disk_full = 1;
      if (half > 0)
        return half;
    }
  if (! hit && ! (path && disk_full))
    return syscall (SYS_write, fd, data, size);
  errno = disk_full ? ENOSPC : EIO;
  return -1;
}

int
fsync (int fd)
{
  return fd_fails ("fsync", fd) ? -1 : REAL (fsync) (fd);
}

int
ftruncate (int   fd,
           off_t length)
{
  return fd_fails ("ftruncate", fd) ? -1 : REAL (ftruncate) (fd, length);
}

int
ftruncate64 (int     fd,
             off64_t length)
{
  return fd_fails ("ftruncate", fd) ? -1 : REAL (ftruncate64) (fd, length);
}

int
rename (const char *from,
        const char *to)
{
  return fails ("rename", to) ? -1 : REAL (rename) (from, to);
}

static int
open_counted (const char *path,
              int         flags,
              mode_t      mode)
{
  if ((flags & O_CREAT) && ! is_coverage (path) && access (path, F_OK) != 0 && fails ("open", path))
    return -1;
  return raw_open (path, flags, mode);
}

int
open (const char *path,
      int         flags,
      ...)
{
  va_list arguments;
  mode_t  mode;

  va_start (arguments, flags);
  mode = flags & O_CREAT ? va_arg (arguments, mode_t) : 0;
  va_end (arguments);
  return open_counted (path, flags, mode);
}

int
open64 (const char *path,
        int         flags,
        ...)
{
  va_list arguments;
  mode_t  mode;

  va_start (arguments, flags);
  mode = flags & O_CREAT ? va_arg (arguments, mode_t) : 0;
  va_end (arguments);
  return open_counted (path, flags, mode);
}

/* ---- Streams ------------------------------------------------------------------------------ */

static int
cookie_fd (void *cookie)
{
  return (int) (intptr_t) cookie;
}

static ssize_t
on_read (void  *cookie,
         char  *data,
         size_t size)
{
  return read (cookie_fd (cookie), data, size);
}

static ssize_t
on_write (void       *cookie,
          const char *data,
          size_t      size)
{
  size_t done = 0;

  /* Like glibc's own streams, goes on after a write that stored less than it should. */
  while (done < size)
    {
      const ssize_t n = write (cookie_fd (cookie), data + done, size - done);

      if (n < 0)
        break;
      done += n;
    }
  return done;    /* less than size stands for an error */
}

static int
on_seek (void    *cookie,
         off64_t *offset,
         int      whence)
{
  *offset = lseek64 (cookie_fd (cookie), *offset, whence);
  return *offset < 0 ? -1 : 0;
}

static int
on_close (void *cookie)
{
  const int fd = cookie_fd (cookie);
  const int wrong = fd_fails ("close", fd);

  for (int i = 0; i < MAX_STREAMS; i++)
    if (streams[i] && stream_fds[i] == fd)
      streams[i] = NULL;
  close (fd);
  if (wrong)
    errno = EIO;
  return wrong ? -1 : 0;
}

FILE *
fdopen (int         fd,
        const char *mode)
{
  static const cookie_io_functions_t functions = { on_read, on_write, on_seek, on_close };
  FILE                              *file;

  if (! strpbrk (mode, "wa+"))
    return REAL (fdopen) (fd, mode);
  file = fopencookie ((void *) (intptr_t) fd, mode, functions);
  for (int i = 0; file && i < MAX_STREAMS; i++)
    if (! streams[i])
      {
        streams[i] = file;
        stream_fds[i] = fd;
        return file;
      }
  abort ();
}

static FILE *
open_stream (const char *path,
             const char *mode)
{
  const int both = strchr (mode, '+') ? O_RDWR : O_WRONLY;
  const int flags = mode[0] == 'w' ? O_CREAT | O_TRUNC : mode[0] == 'a' ? O_CREAT | O_APPEND : 0;
  const int fd = open_counted (path, both | flags, 0666);

  return fd < 0 ? NULL : fdopen (fd, mode);
}

FILE *
fopen (const char *path,
       const char *mode)
{
  return strpbrk (mode, "wa+") ? open_stream (path, mode) : REAL (fopen) (path, mode);
}

FILE *
fopen64 (const char *path,
         const char *mode)
{
  return strpbrk (mode, "wa+") ? open_stream (path, mode) : REAL (fopen64) (path, mode);
}

int
fileno (FILE *file)
{
  for (int i = 0; i < MAX_STREAMS; i++)
    if (streams[i] == file)
      return stream_fds[i];
  return REAL (fileno) (file);
}

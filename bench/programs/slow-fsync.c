/*
 * Preloaded into a process: counts its calls of fsync and fdatasync in a file that the bench maps with it, and lets each take longer.
 * BENCH_FSYNC_COUNT names the file, whose first 8 bytes are the count; BENCH_FSYNC_DELAY_MS is how much longer, on top of the disk's own time.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static uint64_t *count;
static struct timespec delay;

__attribute__((constructor)) static void open_count(void) {
  const char *milliseconds = getenv("BENCH_FSYNC_DELAY_MS");
  const char *path = getenv("BENCH_FSYNC_COUNT");
  long wanted = milliseconds ? atol(milliseconds) : 0;
  delay.tv_sec = wanted / 1000;
  delay.tv_nsec = wanted % 1000 * 1000000L;
  if (!path) return;
  int file = open(path, O_RDWR | O_CLOEXEC);
  if (file < 0) return;
  void *page = mmap(NULL, sizeof *count, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (page != MAP_FAILED) count = page;
  close(file);
}

static void take_longer(void) {
  struct timespec left = delay;
  if (count) __atomic_add_fetch(count, 1, __ATOMIC_RELAXED);
  while (nanosleep(&left, &left) != 0) {
  }
}

int fsync(int file) {
  static int (*real)(int);
  if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  take_longer();
  return real(file);
}

int fdatasync(int file) {
  static int (*real)(int);
  if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  take_longer();
  return real(file);
}

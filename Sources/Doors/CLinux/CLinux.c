#define _GNU_SOURCE
#include "CLinux.h"

#include <fcntl.h>
#include <limits.h>
#include <malloc.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

int cl_errno(void) { return errno; }

void cl_error_text(int code, char *text, size_t size) {
    const char *found = strerrordesc_np(code);
    if (found)
        snprintf(text, size, "%s", found);
    else
        snprintf(text, size, "error %d", code);
}

void cl_keep_freed_memory(int bytes) {
#ifdef M_TRIM_THRESHOLD
    mallopt(M_TRIM_THRESHOLD, bytes);
    mallopt(M_MMAP_THRESHOLD, bytes);
#else
    (void)bytes;
#endif
}

uint64_t cl_monotonic(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

int cl_accept(int listener) { return accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC); }

int cl_stream_socket(int family) { return socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0); }

int cl_eventfd(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

int cl_timerfd(void) { return timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC); }

void cl_timerfd_set(int fd, uint64_t nanoseconds) {
    struct itimerspec when = {
        .it_value = {.tv_sec = (time_t)(nanoseconds / 1000000000), .tv_nsec = (long)(nanoseconds % 1000000000)}};
    timerfd_settime(fd, TFD_TIMER_ABSTIME, &when, NULL);
}

int cl_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

static int change(int epoll, int operation, int fd, uint32_t mask, uint64_t token) {
    struct epoll_event event = {.events = mask, .data.u64 = token};
    return epoll_ctl(epoll, operation, fd, &event);
}

int cl_epoll_add(int epoll, int fd, uint32_t mask, uint64_t token) {
    return change(epoll, EPOLL_CTL_ADD, fd, mask, token);
}

int cl_epoll_modify(int epoll, int fd, uint32_t mask, uint64_t token) {
    return change(epoll, EPOLL_CTL_MOD, fd, mask, token);
}

int cl_epoll_remove(int epoll, int fd) { return change(epoll, EPOLL_CTL_DEL, fd, 0, 0); }

int cl_epoll_wait_precise(int epoll, struct epoll_event *events, int count, uint64_t nanoseconds) {
#ifdef SYS_epoll_pwait2
    struct timespec left = {.tv_sec = (time_t)(nanoseconds / 1000000000), .tv_nsec = (long)(nanoseconds % 1000000000)};
    long found = syscall(SYS_epoll_pwait2, epoll, events, count, &left, NULL, (size_t)0);
    if (found >= 0 || (errno != ENOSYS && errno != EPERM)) return (int)found;
#endif
    uint64_t milliseconds = (nanoseconds + 999999) / 1000000;
    return epoll_wait(epoll, events, count, milliseconds > INT_MAX ? INT_MAX : (int)milliseconds);
}

void cl_precise_sleeps(void) { prctl(PR_SET_TIMERSLACK, 1UL); }

uint32_t cl_event_mask(const struct epoll_event *events, int index) { return events[index].events; }

uint64_t cl_event_token(const struct epoll_event *events, int index) { return events[index].data.u64; }

ssize_t cl_send(int fd, const struct iovec *vectors, int count) {
    struct msghdr message = {.msg_iov = (struct iovec *)vectors, .msg_iovlen = (size_t)count};
    return sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

ssize_t cl_discard(int fd, size_t count) {
    // TCP copies nothing with MSG_TRUNC; unix sockets ignore the flag and need somewhere to write.
    static _Thread_local char scratch[65536];
    return recv(fd, scratch, count < sizeof scratch ? count : sizeof scratch, MSG_TRUNC | MSG_DONTWAIT);
}

int cl_set_option(int fd, int level, int name, int value) {
    return setsockopt(fd, level, name, &value, sizeof value);
}

int cl_reset_on_close(int fd) {
    struct linger linger = {.l_onoff = 1, .l_linger = 0};
    return setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
}

int cl_pending_error(int fd) {
    int error = 0;
    socklen_t length = sizeof error;
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == 0 ? error : errno;
}

int cl_duplicate(int fd) { return fcntl(fd, F_DUPFD_CLOEXEC, 0); }

int cl_prepare_inherited(int fd) {
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
        return -1;
    return fcntl(fd, F_SETFD, FD_CLOEXEC);
}

int cl_reserve(void) { return cl_open_read("/dev/null"); }

int cl_open_read(const char *path) { return open(path, O_RDONLY | O_CLOEXEC); }

int cl_is_socket(const char *path) {
    struct stat status;
    return lstat(path, &status) == 0 && S_ISSOCK(status.st_mode);
}

int cl_thread_name(const char *name) { return pthread_setname_np(pthread_self(), name); }

int cl_affinity_count(void) {
    // The kernel refuses a set smaller than its own; 8,192 processors are more than any has.
    cpu_set_t *set = CPU_ALLOC(8192);
    if (!set)
        return -1;
    size_t size = CPU_ALLOC_SIZE(8192);
    int count = sched_getaffinity(0, size, set) == 0 ? CPU_COUNT_S(size, set) : -1;
    CPU_FREE(set);
    return count;
}

int cl_resolve(
    const char *host, const char *service, int numeric_only, int passive, struct addrinfo **found) {
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    hints.ai_flags = AI_NUMERICSERV | (numeric_only ? AI_NUMERICHOST : 0) | (passive ? AI_PASSIVE : 0);
    return getaddrinfo(host, service, &hints, found);
}

int cl_descriptor_limit(struct rlimit *limit) { return getrlimit(RLIMIT_NOFILE, limit); }

int cl_set_descriptor_limit(const struct rlimit *limit) { return setrlimit(RLIMIT_NOFILE, limit); }

#ifndef SLUICE_CLINUX_H
#define SLUICE_CLINUX_H

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/// errno is a macro, which Swift does not import.
int cl_errno(void);

/// strerror_r has two incompatible forms; this is the one that fills the buffer.
void cl_error_text(int code, char *_Nonnull text, size_t size);

/// Nanoseconds of CLOCK_MONOTONIC.
uint64_t cl_monotonic(void);

/// accept4 is a GNU extension, which Swift's view of the headers hides. Non-blocking, closed on exec.
int cl_accept(int listener);

/// Socket types and epoll flags are enums in one C library and integers in another.
int cl_stream_socket(int family);
int cl_eventfd(void);
/// CLOCK_MONOTONIC, as `cl_monotonic`.
int cl_timerfd(void);
/// Lets it ring once, at this time of `cl_monotonic`; the past: at once.
void cl_timerfd_set(int fd, uint64_t nanoseconds);
int cl_epoll_create(void);
int cl_epoll_add(int epoll, int fd, uint32_t mask, uint64_t token);
int cl_epoll_modify(int epoll, int fd, uint32_t mask, uint64_t token);
int cl_epoll_remove(int epoll, int fd);
/// epoll_pwait2, which an older kernel or C library lacks and some sandboxes refuse: then epoll_wait, rounded up to
/// milliseconds.
int cl_epoll_wait_precise(int epoll, struct epoll_event *_Nonnull events, int count, uint64_t nanoseconds);
/// The calling thread's sleeps end on time, and not up to 50 microseconds later so that several may end together.
void cl_precise_sleeps(void);

/// epoll_event is packed on one architecture only: read it in C.
uint32_t cl_event_mask(const struct epoll_event *_Nonnull events, int index);
uint64_t cl_event_token(const struct epoll_event *_Nonnull events, int index);

/// sendmsg with MSG_NOSIGNAL: a write to a dead peer must not raise SIGPIPE.
ssize_t cl_send(int fd, const struct iovec *_Nonnull vectors, int count);

/// Takes up to `count` received bytes (at most 64 KiB) off the socket without keeping them.
ssize_t cl_discard(int fd, size_t count);

/// The C library keeps up to so many bytes of freed memory in each of its heaps, and takes what is smaller from
/// there. Does nothing where it has no such setting.
void cl_keep_freed_memory(int bytes);

/// setsockopt of an int.
int cl_set_option(int fd, int level, int name, int value);

/// SO_LINGER {1, 0}: the next close sends RST.
int cl_reset_on_close(int fd);

/// The socket's pending error (SO_ERROR), which asking for clears; or errno of the question.
int cl_pending_error(int fd);

/// fcntl is variadic.
int cl_duplicate(int fd);
int cl_prepare_inherited(int fd);

/// A descriptor held in reserve for the moment when there are no others.
int cl_reserve(void);

/// Opens a file for reading, closed on exec; open is variadic.
int cl_open_read(const char *_Nonnull path);

/// Whether the path itself is a socket: S_ISSOCK is a macro.
int cl_is_socket(const char *_Nonnull path);

/// The calling thread's name as ps and top show it: at most 15 bytes.
int cl_thread_name(const char *_Nonnull name);

/// How many processors the calling thread may run on, or -1.
int cl_affinity_count(void);

/// RLIMIT_NOFILE is an enum in one C library and an integer in another.
int cl_descriptor_limit(struct rlimit *_Nonnull limit);
int cl_set_descriptor_limit(const struct rlimit *_Nonnull limit);

/// The names of a stream socket in getaddrinfo's hints; see cl_stream_socket.
int cl_resolve(
    const char *_Nullable host, const char *_Nullable service, int numeric_only, int passive,
    struct addrinfo *_Nullable *_Nonnull found);

#endif

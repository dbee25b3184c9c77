#ifndef SLUICE_CLINUX_H
#define SLUICE_CLINUX_H

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/// accept4 is a GNU extension, which Swift's view of the headers hides.
int cl_accept4(int fd, struct sockaddr *_Nullable address, socklen_t *_Nullable length, int flags);

#endif

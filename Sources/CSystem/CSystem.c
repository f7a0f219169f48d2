// accept4, pipe2 and F_SETSIG are Linux's own.
#define _GNU_SOURCE

#include "CSystem.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <limits.h>
#include <link.h>
#include <linux/capability.h>
#include <malloc.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

ssize_t csystem_send_descriptors(int socket, const void *bytes, size_t length, const int *descriptors, int count) {
    if (count < 0 || count > CSYSTEM_MAX_DESCRIPTORS) {
        errno = EINVAL;
        return -1;
    }
    struct iovec vector = {.iov_base = (void *)bytes, .iov_len = length};
    union {
        char space[CMSG_SPACE(sizeof(int) * CSYSTEM_MAX_DESCRIPTORS)];
        struct cmsghdr alignment;
    } control;
    memset(&control, 0, sizeof control);
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1};
    if (count > 0) {
        message.msg_control = control.space;
        message.msg_controllen = CMSG_SPACE(sizeof(int) * (size_t)count);
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int) * (size_t)count);
        memcpy(CMSG_DATA(header), descriptors, sizeof(int) * (size_t)count);
    }
    return sendmsg(socket, &message, MSG_NOSIGNAL);
}

ssize_t csystem_receive_descriptors(int socket, void *bytes, size_t length, int *descriptors, int *count) {
    struct iovec vector = {.iov_base = bytes, .iov_len = length};
    union {
        char space[CMSG_SPACE(sizeof(int) * CSYSTEM_MAX_DESCRIPTORS)];
        struct cmsghdr alignment;
    } control;
    struct msghdr message = {
        .msg_iov = &vector,
        .msg_iovlen = 1,
        .msg_control = control.space,
        .msg_controllen = sizeof control.space,
    };
    int room = *count;
    *count = 0;
    ssize_t received = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    if (received < 0) return received;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header != NULL; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
        int carried = (int)((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
        for (int index = 0; index < carried; index++) {
            int descriptor;
            memcpy(&descriptor, CMSG_DATA(header) + sizeof(int) * (size_t)index, sizeof(int));
            if (*count < room) {
                descriptors[(*count)++] = descriptor;
            } else {
                close(descriptor);
            }
        }
    }
    return received;
}

void csystem_random(void *bytes, size_t length) {
    size_t filled = 0;
    while (filled < length) {
        // Only a signal makes it fail.
        ssize_t count = getrandom((char *)bytes + filled, length - filled, 0);
        if (count > 0) filled += (size_t)count;
    }
}

static int release_segments(struct dl_phdr_info *object, size_t size, void *argument) {
    (void)size;
    (void)argument;
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    for (size_t index = 0; index < object->dlpi_phnum; index++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[index];
        // Only what nobody can have written to: it is in the file as it is here.
        if (segment->p_type != PT_LOAD || !(segment->p_flags & PF_X) || (segment->p_flags & PF_W)) continue;
        uintptr_t start = (object->dlpi_addr + segment->p_vaddr + page - 1) & ~(page - 1);
        uintptr_t end = (object->dlpi_addr + segment->p_vaddr + segment->p_filesz) & ~(page - 1);
        if (start < end) madvise((void *)start, end - start, MADV_DONTNEED);
    }
    return 0;
}

/// Whether a debugger may have written breakpoints into the code.
static int is_traced(void) {
    char line[128];
    int tracer = 0;
    FILE *status = fopen("/proc/self/status", "re");
    if (status == NULL) return 1;
    while (fgets(line, sizeof line, status) != NULL) {
        if (sscanf(line, "TracerPid: %d", &tracer) == 1) break;
    }
    fclose(status);
    return tracer != 0;
}

void csystem_release_code(void) {
    if (!is_traced()) dl_iterate_phdr(release_segments, NULL);
}

void csystem_share_heap(void) { mallopt(M_ARENA_MAX, 1); }

void csystem_release_heap(void) { malloc_trim(0); }

int csystem_become_subreaper(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }

int csystem_is_subreaper(void) {
    int answer = 0;
    return prctl(PR_GET_CHILD_SUBREAPER, &answer, 0, 0, 0) == 0 && answer != 0;
}

int csystem_signal_group_on_ready(int descriptor, pid_t group, int signal) {
    if (fcntl(descriptor, F_SETOWN, -group) < 0) return -1;
    if (fcntl(descriptor, F_SETSIG, signal) < 0) return -1;
    int flags = fcntl(descriptor, F_GETFL);
    if (flags < 0) return -1;
    return fcntl(descriptor, F_SETFL, flags | O_ASYNC);
}

int csystem_is_being_written(int descriptor) {
    // Whoever opens the file for writing during the lease is held up until it is given back, and the holder is told
    // by a signal: by one that is ignored unless somebody asks for it.
    if (fcntl(descriptor, F_SETSIG, SIGURG) != 0) return 0;
    if (fcntl(descriptor, F_SETLEASE, F_RDLCK) == 0) {
        fcntl(descriptor, F_SETLEASE, F_UNLCK);
        return 0;
    }
    return errno == EAGAIN;
}

int csystem_set_process_name(const char *name) { return prctl(PR_SET_NAME, name, 0, 0, 0); }

int csystem_let_wakers_go_on(void) {
    struct sched_param none = {0};
    return sched_setscheduler(0, SCHED_BATCH, &none);
}

int csystem_take_priority(pid_t process) {
    errno = 0;
    int priority = getpriority(PRIO_PROCESS, (id_t)process);
    return errno != 0 ? -1 : setpriority(PRIO_PROCESS, 0, priority);
}

int csystem_grow_pipe(int end) { return fcntl(end, F_SETPIPE_SZ, 1 << 20) < 0 ? -1 : 0; }

int csystem_write_packets(int end, int enabled) {
    return fcntl(end, F_SETFL, O_NONBLOCK | (enabled ? O_DIRECT : 0));
}

int csystem_open_reader(int end) {
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", end);
    return open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
}

int csystem_unread(int end) {
    int count;
    return ioctl(end, FIONREAD, &count) == 0 ? count : -1;
}

int csystem_pipe(int *ends) { return pipe2(ends, O_CLOEXEC); }

int csystem_accept(int listener) { return accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK); }

static int wait_for_milliseconds(int epoll, struct epoll_event *events, int capacity, int64_t nanoseconds) {
    int64_t milliseconds = nanoseconds < 0 ? -1 : nanoseconds / 1000000 + (nanoseconds % 1000000 != 0);
    return epoll_wait(epoll, events, capacity, milliseconds > INT_MAX ? INT_MAX : (int)milliseconds);
}

int csystem_wait_for_events(int epoll, struct epoll_event *events, int capacity, int64_t nanoseconds) {
    static atomic_int counts_milliseconds = 0;
    if (nanoseconds <= 0 || counts_milliseconds) {
        return wait_for_milliseconds(epoll, events, capacity, nanoseconds);
    }
    struct timespec time = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
    int count = (int)syscall(SYS_epoll_pwait2, epoll, events, capacity, &time, NULL, 0);
    // Containers may refuse what they do not know, instead of saying that it is not there.
    if (count >= 0 || (errno != ENOSYS && errno != EPERM)) return count;
    counts_milliseconds = 1;
    return wait_for_milliseconds(epoll, events, capacity, nanoseconds);
}

pid_t csystem_fork(void) { return fork(); }

void csystem_set_environment(char **variables) { environ = variables; }

int csystem_lock_exclusively(int descriptor) { return flock(descriptor, LOCK_EX | LOCK_NB); }

int csystem_write_file(const char *path, const char *text) {
    int descriptor = open(path, O_WRONLY | O_CLOEXEC);
    if (descriptor < 0) return -1;
    ssize_t written = write(descriptor, text, strlen(text));
    int failure = errno;
    close(descriptor);
    errno = failure;
    return written < 0 ? -1 : 0;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place) {
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

int csystem_remove_tree(const char *path) { return nftw(path, remove_entry, 32, FTW_DEPTH | FTW_PHYS); }

int csystem_separate_mounts(int users) { return unshare(CLONE_NEWNS | (users ? CLONE_NEWUSER : 0)); }

int csystem_open_place(const char *path) { return open(path, O_PATH | O_DIRECTORY | O_CLOEXEC); }

int csystem_limit_processes(unsigned count) {
    struct rlimit limit = {.rlim_cur = count, .rlim_max = count};
    return setrlimit(RLIMIT_NPROC, &limit);
}

int csystem_pivot_root(const char *root, const char *old) { return (int)syscall(SYS_pivot_root, root, old); }

int csystem_make_read_only(const char *path) {
    struct mount_attr attributes = {.attr_set = MOUNT_ATTR_RDONLY};
    if (syscall(SYS_mount_setattr, AT_FDCWD, path, AT_RECURSIVE, &attributes, sizeof attributes) == 0) return 0;
    // Kernels before 5.12 can do this for one mount at a time only.
    return mount(NULL, path, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL);
}

int csystem_become_user(uid_t user, gid_t group) {
    if (setgroups(0, NULL) != 0 || setresgid(group, group, group) != 0 || setresuid(user, user, user) != 0) return -1;
    // What a program has privileges by, it has none by when this process runs it.
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
    // A change of identity hides a process from others, its /proc entries too.
    return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
}

/// Writes one line to a file of the calling process's user namespace.
static int map_identity(const char *path, unsigned inside, unsigned outside) {
    char line[64];
    snprintf(line, sizeof line, "%u %u 1", inside, outside);
    return csystem_write_file(path, line);
}

int csystem_appear_as(uid_t user, gid_t group) {
    uid_t own_user = getuid();
    gid_t own_group = getgid();
    if (unshare(CLONE_NEWUSER) != 0) return -1;
    prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
    csystem_write_file("/proc/self/setgroups", "deny");
    int result = map_identity("/proc/self/uid_map", user, own_user) | map_identity("/proc/self/gid_map", group, own_group);
    // What it may do there would let it mount, which code of users has no business to.
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct none[2];
    memset(none, 0, sizeof none);
    return result | (int)syscall(SYS_capset, &header, none);
}

int csystem_separate_network(void) {
    if (unshare(CLONE_NEWNET) != 0) return -1;
    int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -1;
    struct ifreq request;
    memset(&request, 0, sizeof request);
    strcpy(request.ifr_name, "lo");
    int result = ioctl(descriptor, SIOCGIFFLAGS, &request);
    if (result == 0) {
        request.ifr_flags |= IFF_UP | IFF_RUNNING;
        result = ioctl(descriptor, SIOCSIFFLAGS, &request);
    }
    close(descriptor);
    return result;
}

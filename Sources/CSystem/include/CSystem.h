// The few POSIX and Linux calls that Swift cannot express: variadic functions, and macros that build
// control messages. Everything here is a thin, allocation-free wrapper; policy lives in Swift.
#ifndef CSYSTEM_H
#define CSYSTEM_H

#include <stddef.h>
#include <stdint.h>
#include <sys/mount.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/types.h>

/// The most descriptors one message may carry.
#define CSYSTEM_MAX_DESCRIPTORS 4

/// Sends `length` bytes with `count` descriptors attached (SCM_RIGHTS). Returns sendmsg's result.
ssize_t csystem_send_descriptors(int socket, const void *bytes, size_t length, const int *descriptors, int count);

/// Receives bytes and up to `*count` descriptors, which are close-on-exec. `*count` is set to how many came.
ssize_t csystem_receive_descriptors(int socket, void *bytes, size_t length, int *descriptors, int *count);

/// Fills `bytes` with what nobody can guess (getrandom(2)).
void csystem_random(void *bytes, size_t length);

/// Unmaps the pages of machine code. They are mapped again, from the file or the system's cache of it, as they are used.
void csystem_release_code(void);

/// Has all threads share one heap, of which free memory can be given back as a whole: what lies free at the end of a
/// thread's own heap cannot. To be called before there are threads.
void csystem_share_heap(void);

/// Gives free memory of the heap back. Threads that want memory meanwhile wait.
void csystem_release_heap(void);

/// Makes the calling process adopt its orphaned descendants (PR_SET_CHILD_SUBREAPER).
int csystem_become_subreaper(void);

/// Whether orphans below the calling process become its children: 1 or 0.
int csystem_is_subreaper(void);

/// Asks the kernel to send `signal` to process group `group` when `descriptor` becomes ready (O_ASYNC).
int csystem_signal_group_on_ready(int descriptor, pid_t group, int signal);

/// Whether anybody has the open regular file open for writing, as far as the kernel tells: 1 or 0. It does for files
/// of the calling process's user.
int csystem_is_being_written(int descriptor);

/// Names the calling process in ps and top (PR_SET_NAME, 15 bytes).
int csystem_set_process_name(const char *name);

/// Makes the calling thread, and what it starts, one that does not take the processor from who wakes it: it runs when
/// that one sleeps, yields or has had its share (SCHED_BATCH). Alone on a processor it runs at once.
int csystem_let_wakers_go_on(void);

/// Gives the calling process the priority of the main thread of `process` (setpriority).
int csystem_take_priority(pid_t process);

/// Has each write to a pipe of at most PIPE_BUF bytes be one packet, which is read whole and by itself (O_DIRECT), or
/// not. The write end does not block either way.
int csystem_write_packets(int end, int enabled);

/// Opens the pipe that `end` is one end of for reading, without blocking, whoever else reads it.
int csystem_open_reader(int end);

/// How many bytes a pipe holds that nobody has read yet; -1 if that cannot be told.
int csystem_unread(int end);

/// Makes a pipe as large as any process may (F_SETPIPE_SZ): 1 MiB.
int csystem_grow_pipe(int end);

/// A close-on-exec pipe: `ends[0]` reads, `ends[1]` writes.
int csystem_pipe(int *ends);

/// Accepts a connection as a close-on-exec descriptor that does not block.
int csystem_accept(int listener);

/// epoll_wait(2) for so many nanoseconds; for ever if they are negative. Where the system counts in milliseconds only (Linux
/// before 5.11), for up to one more. Returns the number of events, or -1 with errno.
int csystem_wait_for_events(int epoll, struct epoll_event *events, int capacity, int64_t nanoseconds);

/// fork(2). The caller must be single-threaded.
pid_t csystem_fork(void);

/// Makes `variables`, texts of the form NAME=value and NULL after the last, the environment of the process (environ(7)).
/// It uses them from then on.
void csystem_set_environment(char **variables);

/// Takes an exclusive lock on the open file, without waiting (flock). Returns 0, or -1 with errno.
int csystem_lock_exclusively(int descriptor);

/// The calling process's oom_score_adj or a similar one-line file under /proc is written with this.
int csystem_write_file(const char *path, const char *text);

/// Removes a directory and everything below it, following no link. Returns 0, or -1 with errno.
int csystem_remove_tree(const char *path);

/// Gives the calling process mounts of its own; with `users`, also user ids of its own, which needs no privilege.
int csystem_separate_mounts(int users);

/// Gives the calling process a network of its own, and switches its loopback interface on.
int csystem_separate_network(void);

/// Opens a directory as a place only (O_PATH), close-on-exec.
int csystem_open_place(const char *path);

/// Sets how many processes the calling process's user may have (RLIMIT_NPROC).
int csystem_limit_processes(unsigned count);

/// pivot_root(2): `root` becomes the root, the old one is found at `old`.
int csystem_pivot_root(const char *root, const char *old);

/// Makes every mount at and below `path` read-only. Returns 0, or -1 with errno.
int csystem_make_read_only(const char *path);

/// Gives up every privilege: the calling process gets these ids alone, no program that it runs gets more
/// (PR_SET_NO_NEW_PRIVS), and it stays visible to the server. Returns 0, or -1 with errno.
int csystem_become_user(uid_t user, gid_t group);

/// Makes the calling process, which has one thread and has given up every privilege, see its ids as these
/// (user_namespaces(7)), and takes what it could do in a namespace of its own. Returns 0; or -1 where the system has no
/// such namespaces, and then nothing has changed.
int csystem_appear_as(uid_t user, gid_t group);

#endif

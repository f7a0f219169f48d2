// librdkafka, loaded when the first trigger needs it: most runs consume from no broker, and building and serving
// need no package for it.
#ifndef CKAFKA_H
#define CKAFKA_H

#include <stddef.h>
#include <stdint.h>

/// What to consume, and how to come in.
struct ckafka_settings {
    /// `host:port`, several with commas in between.
    const char *brokers;
    const char *group;
    const char *const *topics;
    size_t topic_count;
    /// NULL for none.
    const char *user;
    const char *password;
    int uses_tls;
    /// Where nothing has been committed, reading begins with what was sent since then: milliseconds since 1970.
    int64_t since_ms;
};

enum ckafka_kind {
    /// Nothing happened within the time.
    CKAFKA_NOTHING,
    /// A message; it is to be given back with `ckafka_release`.
    CKAFKA_MESSAGE,
    /// The group has given partitions to this consumer.
    CKAFKA_ASSIGNED,
    /// Something is wrong. It is tried again without being asked.
    CKAFKA_PROBLEM,
};

/// What a consumer has to say.
struct ckafka_event {
    enum ckafka_kind kind;
    /// Of a message.
    void *message;
    const char *topic;
    const void *bytes;
    size_t count;
    /// Of a problem: a number for its kind, and its words.
    int code;
    char text[256];
};

struct ckafka_consumer;

/// Whether there is a library; loads it.
int ckafka_is_available(void);

/// Makes a consumer. Connecting goes on behind it.
///
/// Returns NULL with a text of at most 255 characters in `message` if the settings make no sense.
struct ckafka_consumer *ckafka_open(const struct ckafka_settings *settings, char message[256]);

/// Waits for what happens next. Only one thread at a time may use a consumer.
void ckafka_poll(struct ckafka_consumer *consumer, int timeout_ms, struct ckafka_event *event);

/// Gives a message back.
void ckafka_release(void *message);

/// Commits every message that was polled up to now, without waiting for the broker's answer.
void ckafka_commit(struct ckafka_consumer *consumer);

/// Leaves the group and frees the consumer. Blocks until the commits are done.
void ckafka_close(struct ckafka_consumer *consumer);

#endif

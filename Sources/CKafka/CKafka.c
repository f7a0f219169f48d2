#include "CKafka.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// These are part of librdkafka's ABI, which has been stable since 1.0 (librdkafka/rdkafka.h).
enum {
    CONSUMER = 1,
    ERROR_TRANSPORT = -195,
    ERROR_RESOLVE = -193,
    ERROR_PARTITION_EOF = -191,
    ERROR_ALL_BROKERS_DOWN = -187,
    ERROR_ASSIGN_PARTITIONS = -175,
    OFFSET_INVALID = -1001,
    REQUEST_TIMEOUT_MS = 5000,
};

typedef struct rd_kafka rd_kafka;
typedef struct rd_kafka_conf rd_kafka_conf;

typedef struct {
    int error;
    void *topic;
    int32_t partition;
    void *payload;
    size_t length;
    void *key;
    size_t key_length;
    int64_t offset;
    void *private_data;
} rd_kafka_message;

typedef struct {
    char *topic;
    int32_t partition;
    int64_t offset;
    void *metadata;
    size_t metadata_size;
    void *opaque;
    int error;
    void *private_data;
} rd_kafka_partition;

typedef struct {
    int count;
    int size;
    rd_kafka_partition *elements;
} rd_kafka_partitions;

typedef void (*error_callback)(rd_kafka *, int, const char *, void *);
typedef void (*rebalance_callback)(rd_kafka *, int, rd_kafka_partitions *, void *);
typedef void (*log_callback)(const rd_kafka *, int, const char *, const char *);

static struct {
    rd_kafka_conf *(*conf_new)(void);
    void (*conf_destroy)(rd_kafka_conf *);
    int (*conf_set)(rd_kafka_conf *, const char *, const char *, char *, size_t);
    void (*conf_set_opaque)(rd_kafka_conf *, void *);
    void (*conf_set_error_cb)(rd_kafka_conf *, error_callback);
    void (*conf_set_rebalance_cb)(rd_kafka_conf *, rebalance_callback);
    void (*conf_set_log_cb)(rd_kafka_conf *, log_callback);
    rd_kafka *(*create)(int, rd_kafka_conf *, char *, size_t);
    void (*destroy)(rd_kafka *);
    int (*poll_set_consumer)(rd_kafka *);
    int (*subscribe)(rd_kafka *, const rd_kafka_partitions *);
    int (*assign)(rd_kafka *, const rd_kafka_partitions *);
    int (*committed)(rd_kafka *, rd_kafka_partitions *, int);
    int (*offsets_for_times)(rd_kafka *, rd_kafka_partitions *, int);
    int (*query_watermark_offsets)(rd_kafka *, const char *, int32_t, int64_t *, int64_t *, int);
    int (*commit)(rd_kafka *, const rd_kafka_partitions *, int);
    rd_kafka_message *(*consumer_poll)(rd_kafka *, int);
    int (*consumer_close)(rd_kafka *);
    void (*message_destroy)(rd_kafka_message *);
    const char *(*message_errstr)(const rd_kafka_message *);
    const char *(*topic_name)(const void *);
    const char *(*err2str)(int);
    rd_kafka_partitions *(*list_new)(int);
    rd_kafka_partition *(*list_add)(rd_kafka_partitions *, const char *, int32_t);
    rd_kafka_partition *(*list_find)(const rd_kafka_partitions *, const char *, int32_t);
    void (*list_destroy)(rd_kafka_partitions *);
    int is_loaded;
} kafka;

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
    void *library = dlopen("librdkafka.so.1", RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) return;
    const struct {
        const char *name;
        void *place;
    } functions[] = {
        {"rd_kafka_conf_new", &kafka.conf_new},
        {"rd_kafka_conf_destroy", &kafka.conf_destroy},
        {"rd_kafka_conf_set", &kafka.conf_set},
        {"rd_kafka_conf_set_opaque", &kafka.conf_set_opaque},
        {"rd_kafka_conf_set_error_cb", &kafka.conf_set_error_cb},
        {"rd_kafka_conf_set_rebalance_cb", &kafka.conf_set_rebalance_cb},
        {"rd_kafka_conf_set_log_cb", &kafka.conf_set_log_cb},
        {"rd_kafka_new", &kafka.create},
        {"rd_kafka_destroy", &kafka.destroy},
        {"rd_kafka_poll_set_consumer", &kafka.poll_set_consumer},
        {"rd_kafka_subscribe", &kafka.subscribe},
        {"rd_kafka_assign", &kafka.assign},
        {"rd_kafka_committed", &kafka.committed},
        {"rd_kafka_offsets_for_times", &kafka.offsets_for_times},
        {"rd_kafka_query_watermark_offsets", &kafka.query_watermark_offsets},
        {"rd_kafka_commit", &kafka.commit},
        {"rd_kafka_consumer_poll", &kafka.consumer_poll},
        {"rd_kafka_consumer_close", &kafka.consumer_close},
        {"rd_kafka_message_destroy", &kafka.message_destroy},
        {"rd_kafka_message_errstr", &kafka.message_errstr},
        {"rd_kafka_topic_name", &kafka.topic_name},
        {"rd_kafka_err2str", &kafka.err2str},
        {"rd_kafka_topic_partition_list_new", &kafka.list_new},
        {"rd_kafka_topic_partition_list_add", &kafka.list_add},
        {"rd_kafka_topic_partition_list_find", &kafka.list_find},
        {"rd_kafka_topic_partition_list_destroy", &kafka.list_destroy},
    };
    for (size_t index = 0; index < sizeof functions / sizeof functions[0]; index++) {
        void *function = dlsym(library, functions[index].name);
        if (function == NULL) return;
        memcpy(functions[index].place, &function, sizeof function);
    }
    kafka.is_loaded = 1;
}

int ckafka_is_available(void) {
    pthread_once(&once, load);
    return kafka.is_loaded;
}

struct ckafka_consumer {
    rd_kafka *handle;
    int64_t since_ms;
    // What comes after the messages that have been read since the last commit. librdkafka keeps such offsets as well,
    // but looks them up only when its own thread sends the commit: the next message could have been read by then, and
    // would be lost with the process.
    rd_kafka_partitions *reached;
    // What callbacks leave for the poll that they are called from.
    int is_assigned;
    int problem;
    char text[256];
    // Why the broker that was tried last cannot be reached.
    char reason[256];
};

static void note(struct ckafka_consumer *consumer, int code, const char *text) {
    consumer->problem = code;
    snprintf(consumer->text, sizeof consumer->text, "%s", text);
}

static void error_occurred(rd_kafka *handle, int code, const char *reason, void *opaque) {
    struct ckafka_consumer *consumer = opaque;
    if (code == ERROR_TRANSPORT || code == ERROR_RESOLVE) {
        // One of several; it matters when there is no other.
        snprintf(consumer->reason, sizeof consumer->reason, "%s", reason);
    } else if (code == ERROR_ALL_BROKERS_DOWN) {
        note(consumer, code, consumer->reason[0] ? consumer->reason : reason);
    } else {
        note(consumer, code, reason);
    }
}

/// Settles where reading begins, and keeps that, for a group that has not committed anything: what is sent while
/// nobody consumes is not lost then.
static void anchor(struct ckafka_consumer *consumer, rd_kafka_partitions *partitions) {
    rd_kafka *handle = consumer->handle;
    if (kafka.committed(handle, partitions, REQUEST_TIMEOUT_MS) != 0) return;
    rd_kafka_partitions *unread = kafka.list_new(partitions->count);
    for (int index = 0; index < partitions->count; index++) {
        rd_kafka_partition *partition = &partitions->elements[index];
        if (partition->error != 0 || partition->offset >= 0) continue;
        kafka.list_add(unread, partition->topic, partition->partition)->offset = consumer->since_ms;
    }
    if (unread->count > 0) {
        int has_times = kafka.offsets_for_times(handle, unread, REQUEST_TIMEOUT_MS) == 0;
        for (int index = 0; index < unread->count; index++) {
            rd_kafka_partition *partition = &unread->elements[index];
            int64_t low = 0, high = 0;
            if (has_times && partition->error == 0 && partition->offset >= 0) continue;
            int error = kafka.query_watermark_offsets(
                handle, partition->topic, partition->partition, &low, &high, REQUEST_TIMEOUT_MS);
            partition->offset = error == 0 ? high : OFFSET_INVALID;
        }
        for (int index = 0; index < partitions->count; index++) {
            rd_kafka_partition *partition = &partitions->elements[index];
            for (int other = 0; other < unread->count; other++) {
                rd_kafka_partition *found = &unread->elements[other];
                if (found->partition == partition->partition && strcmp(found->topic, partition->topic) == 0)
                    partition->offset = found->offset;
            }
        }
        kafka.commit(handle, partitions, 0);
    }
    kafka.list_destroy(unread);
}

static void rebalance(rd_kafka *handle, int code, rd_kafka_partitions *partitions, void *opaque) {
    struct ckafka_consumer *consumer = opaque;
    if (code == ERROR_ASSIGN_PARTITIONS) {
        anchor(consumer, partitions);
        kafka.assign(handle, partitions);
        if (partitions->count > 0) consumer->is_assigned = 1;
    } else {
        kafka.assign(handle, NULL);
    }
}

static int set(rd_kafka_conf *configuration, const char *name, const char *value, char message[256]) {
    return kafka.conf_set(configuration, name, value, message, 256) == 0;
}

static int configure(rd_kafka_conf *configuration, const struct ckafka_settings *settings, char message[256]) {
    const char *protocol = settings->user != NULL ? (settings->uses_tls ? "sasl_ssl" : "sasl_plaintext")
                                                  : (settings->uses_tls ? "ssl" : "plaintext");
    const char *const pairs[][2] = {
        {"bootstrap.servers", settings->brokers},
        {"group.id", settings->group},
        {"client.id", "fgs-emulator"},
        {"security.protocol", protocol},
        {"enable.auto.commit", "false"},
        {"enable.auto.offset.store", "false"},
        // Where a group begins is settled below; when what it was to read next is gone, it reads what is left.
        {"auto.offset.reset", "earliest"},
        // A server that was killed does not keep its successor waiting for long.
        {"session.timeout.ms", "6000"},
        {"heartbeat.interval.ms", "2000"},
        // Messages may wait for a function that cannot be invoked.
        {"max.poll.interval.ms", "86400000"},
        // A topic may come into being after its trigger.
        {"topic.metadata.refresh.interval.ms", "5000"},
        {"queued.max.messages.kbytes", "4096"},
        {"socket.connection.setup.timeout.ms", "10000"},
        {"log.connection.close", "false"},
        {"log_level", "0"},
    };
    for (size_t index = 0; index < sizeof pairs / sizeof pairs[0]; index++) {
        if (!set(configuration, pairs[index][0], pairs[index][1], message)) return 0;
    }
    if (settings->user == NULL) return 1;
    return set(configuration, "sasl.mechanism", "PLAIN", message) &&
           set(configuration, "sasl.username", settings->user, message) &&
           set(configuration, "sasl.password", settings->password, message);
}

struct ckafka_consumer *ckafka_open(const struct ckafka_settings *settings, char message[256]) {
    struct ckafka_consumer *consumer = calloc(1, sizeof *consumer);
    rd_kafka_conf *configuration = kafka.conf_new();
    consumer->since_ms = settings->since_ms;
    kafka.conf_set_opaque(configuration, consumer);
    kafka.conf_set_error_cb(configuration, error_occurred);
    kafka.conf_set_rebalance_cb(configuration, rebalance);
    kafka.conf_set_log_cb(configuration, NULL);
    if (configure(configuration, settings, message))
        consumer->handle = kafka.create(CONSUMER, configuration, message, 256);
    if (consumer->handle == NULL) {
        // What was made into a consumer belongs to it.
        kafka.conf_destroy(configuration);
        free(consumer);
        return NULL;
    }
    consumer->reached = kafka.list_new(1);
    kafka.poll_set_consumer(consumer->handle);
    rd_kafka_partitions *topics = kafka.list_new((int)settings->topic_count);
    for (size_t index = 0; index < settings->topic_count; index++) kafka.list_add(topics, settings->topics[index], -1);
    int error = kafka.subscribe(consumer->handle, topics);
    kafka.list_destroy(topics);
    if (error != 0) {
        snprintf(message, 256, "%s", kafka.err2str(error));
        ckafka_close(consumer);
        return NULL;
    }
    return consumer;
}

static void note_read(struct ckafka_consumer *consumer, const rd_kafka_message *message) {
    const char *topic = kafka.topic_name(message->topic);
    rd_kafka_partition *partition = kafka.list_find(consumer->reached, topic, message->partition);
    if (partition == NULL) partition = kafka.list_add(consumer->reached, topic, message->partition);
    partition->offset = message->offset + 1;
}

void ckafka_poll(struct ckafka_consumer *consumer, int timeout_ms, struct ckafka_event *event) {
    memset(event, 0, sizeof *event);
    // What happened during the last poll besides its message comes first.
    rd_kafka_message *message = NULL;
    if (!consumer->is_assigned && consumer->problem == 0) message = kafka.consumer_poll(consumer->handle, timeout_ms);
    if (message != NULL && message->error == 0) {
        event->kind = CKAFKA_MESSAGE;
        event->message = message;
        event->topic = kafka.topic_name(message->topic);
        event->bytes = message->payload;
        event->count = message->length;
        note_read(consumer, message);
        return;
    }
    if (message != NULL) {
        if (message->error != ERROR_PARTITION_EOF) note(consumer, message->error, kafka.message_errstr(message));
        kafka.message_destroy(message);
    }
    if (consumer->is_assigned) {
        consumer->is_assigned = 0;
        event->kind = CKAFKA_ASSIGNED;
    } else if (consumer->problem != 0) {
        event->kind = CKAFKA_PROBLEM;
        event->code = consumer->problem;
        memcpy(event->text, consumer->text, sizeof event->text);
        consumer->problem = 0;
    }
}

void ckafka_release(void *message) {
    kafka.message_destroy(message);
}

void ckafka_commit(struct ckafka_consumer *consumer) {
    kafka.commit(consumer->handle, consumer->reached, 1);
    kafka.list_destroy(consumer->reached);
    consumer->reached = kafka.list_new(1);
}

void ckafka_close(struct ckafka_consumer *consumer) {
    kafka.consumer_close(consumer->handle);
    kafka.destroy(consumer->handle);
    kafka.list_destroy(consumer->reached);
    free(consumer);
}

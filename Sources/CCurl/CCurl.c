#include "CCurl.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

// The numbers are part of libcurl's ABI, which has been stable since 2006 (curl/curl.h).
enum {
    OPTION_WRITEDATA = 10001,
    OPTION_URL = 10002,
    OPTION_ERRORBUFFER = 10010,
    OPTION_POSTFIELDS = 10015,
    OPTION_HTTPHEADER = 10023,
    OPTION_FOLLOWLOCATION = 52,
    OPTION_MAXREDIRS = 68,
    OPTION_NOSIGNAL = 99,
    OPTION_TIMEOUT_MS = 155,
    OPTION_CONNECTTIMEOUT_MS = 156,
    OPTION_PROTOCOLS = 181,
    OPTION_REDIR_PROTOCOLS = 182,
    OPTION_WRITEFUNCTION = 20011,
    OPTION_POSTFIELDSIZE_LARGE = 30120,
    INFO_RESPONSE_CODE = 0x200002,
    PROTOCOLS_HTTP_AND_HTTPS = 3,
    GLOBAL_ALL = 3,
};

static struct {
    int (*global_init)(long);
    void *(*easy_init)(void);
    int (*easy_setopt)(void *, int, ...);
    int (*easy_perform)(void *);
    int (*easy_getinfo)(void *, int, ...);
    void (*easy_cleanup)(void *);
    const char *(*easy_strerror)(int);
    void *(*slist_append)(void *, const char *);
    void (*slist_free_all)(void *);
    int is_loaded;
} curl;

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
    void *library = NULL;
    const char *names[] = {"libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.so"};
    for (size_t index = 0; library == NULL && index < 3; index++) library = dlopen(names[index], RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) return;
    curl.global_init = (int (*)(long))dlsym(library, "curl_global_init");
    curl.easy_init = (void *(*)(void))dlsym(library, "curl_easy_init");
    curl.easy_setopt = (int (*)(void *, int, ...))dlsym(library, "curl_easy_setopt");
    curl.easy_perform = (int (*)(void *))dlsym(library, "curl_easy_perform");
    curl.easy_getinfo = (int (*)(void *, int, ...))dlsym(library, "curl_easy_getinfo");
    curl.easy_cleanup = (void (*)(void *))dlsym(library, "curl_easy_cleanup");
    curl.easy_strerror = (const char *(*)(int))dlsym(library, "curl_easy_strerror");
    curl.slist_append = (void *(*)(void *, const char *))dlsym(library, "curl_slist_append");
    curl.slist_free_all = (void (*)(void *))dlsym(library, "curl_slist_free_all");
    curl.is_loaded = curl.global_init && curl.easy_init && curl.easy_setopt && curl.easy_perform &&
                     curl.easy_getinfo && curl.easy_cleanup && curl.easy_strerror && curl.slist_append &&
                     curl.slist_free_all && curl.global_init(GLOBAL_ALL) == 0;
}

static size_t deliver(char *bytes, size_t size, size_t count, void *context) {
    const struct ccurl_request *request = context;
    return request->sink(request->context, bytes, size * count) == 0 ? size * count : 0;
}

int ccurl_perform(const struct ccurl_request *request, long *status, char message[256]) {
    pthread_once(&once, load);
    if (!curl.is_loaded) {
        snprintf(message, 256, "libcurl.so.4 is not installed (Debian: apt-get install libcurl4)");
        return -1;
    }
    void *transfer = curl.easy_init();
    if (transfer == NULL) {
        snprintf(message, 256, "out of memory");
        return -1;
    }
    message[0] = 0;
    void *headers = NULL;
    curl.easy_setopt(transfer, OPTION_URL, request->url);
    curl.easy_setopt(transfer, OPTION_ERRORBUFFER, message);
    curl.easy_setopt(transfer, OPTION_NOSIGNAL, 1L);
    curl.easy_setopt(transfer, OPTION_PROTOCOLS, (long)PROTOCOLS_HTTP_AND_HTTPS);
    curl.easy_setopt(transfer, OPTION_REDIR_PROTOCOLS, (long)PROTOCOLS_HTTP_AND_HTTPS);
    curl.easy_setopt(transfer, OPTION_FOLLOWLOCATION, request->body == NULL ? 1L : 0L);
    curl.easy_setopt(transfer, OPTION_MAXREDIRS, 5L);
    curl.easy_setopt(transfer, OPTION_TIMEOUT_MS, request->timeout_ms);
    curl.easy_setopt(transfer, OPTION_CONNECTTIMEOUT_MS, request->connect_timeout_ms);
    curl.easy_setopt(transfer, OPTION_WRITEFUNCTION, deliver);
    curl.easy_setopt(transfer, OPTION_WRITEDATA, request);
    if (request->body != NULL) {
        curl.easy_setopt(transfer, OPTION_POSTFIELDSIZE_LARGE, (long long)request->body_length);
        curl.easy_setopt(transfer, OPTION_POSTFIELDS, request->body);
        // Without this the body waits a second for an answer that many servers do not give.
        headers = curl.slist_append(headers, "Expect:");
        if (request->content_type != NULL) headers = curl.slist_append(headers, request->content_type);
        curl.easy_setopt(transfer, OPTION_HTTPHEADER, headers);
    }
    int result = curl.easy_perform(transfer);
    if (result == 0) {
        curl.easy_getinfo(transfer, INFO_RESPONSE_CODE, status);
    } else if (message[0] == 0) {
        snprintf(message, 256, "%s", curl.easy_strerror(result));
    }
    curl.easy_cleanup(transfer);
    if (headers != NULL) curl.slist_free_all(headers);
    return result == 0 ? 0 : -1;
}

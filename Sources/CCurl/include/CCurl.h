// libcurl, loaded when it is first needed: linking it would cost every start of the server the loading of two
// dozen libraries, for transfers that most runs never make.
#ifndef CCURL_H
#define CCURL_H

#include <stddef.h>

/// Takes the next bytes of an answer; returns 0 to go on, anything else to give up.
typedef int (*ccurl_sink)(void *context, const void *bytes, size_t count);

/// A transfer.
struct ccurl_request {
    /// http or https.
    const char *url;
    /// The body of a POST; NULL for a GET.
    const void *body;
    size_t body_length;
    /// The type of the body, as a whole header line; NULL for none.
    const char *content_type;
    /// For the whole transfer, and for connecting.
    long timeout_ms;
    long connect_timeout_ms;
    ccurl_sink sink;
    void *context;
};

/// Makes a transfer. Blocks.
///
/// Returns 0 and the status of the answer, or -1 with a text of at most 255 characters in `message`.
int ccurl_perform(const struct ccurl_request *request, long *status, char message[256]);

#endif

# The emulator as an image. docs/container.md says how to use it.
#
#   docker build -t fgs-emulator .
#   docker run --rm -p 127.0.0.1:8380:8380 -v fgs:/data fgs-emulator

# Both stages have to be of the same Debian: the worker contains CPython and reads the standard library of the
# system it runs on.
FROM swift:6.3-bookworm AS build
RUN apt-get update -qq \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        libsqlite3-dev pkg-config python3-dev zlib1g-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
# In a layer of its own, so that a change of the sources does not fetch the dependencies again.
COPY Package.swift ./
RUN swift package resolve
COPY Sources Sources
# No test is built, but the package does not load without the directories of its test targets.
COPY Tests Tests
RUN swift build -c release --product fgs-emulator \
    && swift build -c release --product fgs-python-worker \
    && swift build -c release --product fgs-python-worker-shared
# The server has Swift's libraries in it. The worker loads them, so that its Python symbols stay visible to
# extension modules; it looks for them beside itself. The second worker, for --python, is linked with libpython3.11.
RUN mkdir -p /image/bin \
    && cp .build/release/fgs-emulator .build/release/fgs-python-worker .build/release/fgs-python-worker-shared \
        /image/bin \
    && strip --strip-unneeded /image/bin/* \
    && ldd .build/release/fgs-python-worker | awk '$3 ~ "/swift/linux/" { print $3 }' | xargs cp -t /image/bin
COPY runtimes /image/share/fgs-emulator/runtimes
# Compiled, the worker's runtime package is read sooner. Its sources do not change any more.
RUN python3 -m compileall -q --invalidation-mode unchecked-hash /image/share/fgs-emulator/runtimes/python
COPY fixtures/templates /image/share/fgs-emulator/fixtures/templates

FROM debian:bookworm-slim
# What the two programs load (libcurl and librdkafka when they first need them), certificates and time zones; and all of Python that functions may ask for:
# python3-distutils brings the interpreter with it, which is what sys.executable names.
RUN apt-get update -qq \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        ca-certificates libcurl4 libexpat1 libpython3.11 librdkafka1 libsqlite3-0 libstdc++6 python3-distutils tzdata zlib1g \
    && rm -rf /var/lib/apt/lists/* \
    # Functions of the platform have this id, too.
    && useradd --uid 1003 --home-dir /data --no-create-home fgs \
    && install -d -o fgs -g fgs /data
COPY --from=build /image /opt/fgs-emulator
# `docker stop` kills after 10 seconds; what runs is given a little less than that.
ENV PATH=/opt/fgs-emulator/bin:$PATH \
    FGS_EMULATOR_HOST=0.0.0.0 \
    FGS_EMULATOR_DATA_DIR=/data \
    FGS_EMULATOR_GRACE=8
USER 1003:1003
VOLUME /data
EXPOSE 8380
# By bash, whose connections cost less than starting a Python every few seconds.
HEALTHCHECK --interval=5s --timeout=3s --start-period=2s CMD ["bash", "-c", "\
    exec 3<>/dev/tcp/127.0.0.1/${FGS_EMULATOR_PORT:-8380} \
    && printf 'GET /_emulator/health HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 \
    && read -r _ status _ <&3 && [ \"$status\" = 200 ]"]
ENTRYPOINT ["fgs-emulator"]
CMD ["serve"]

# The emulator as an image. State lives in the volume /data.
#
#   docker build -t fgs-emulator .
#   docker run --rm -p 8380:8380 -v fgs:/data fgs-emulator

FROM swift:6.3-bookworm AS build
RUN apt-get update -qq \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        libsqlite3-dev zlib1g-dev python3-dev pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY Package.swift ./
COPY Sources Sources
COPY Tests Tests
RUN swift build -c release --product fgs-emulator --product fgs-python-worker

FROM debian:bookworm-slim
RUN apt-get update -qq \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        libsqlite3-0 zlib1g libexpat1 libpython3-stdlib ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 1003 --create-home fgs \
    && install -d -o fgs -g fgs /data
# The worker links the Swift runtime dynamically, so that its Python symbols stay visible to extension modules.
COPY --from=build /usr/lib/swift/linux/libswiftCore.so /usr/lib/swift/linux/libswiftGlibc.so \
    /usr/lib/fgs-emulator/
COPY --from=build /source/.build/release/fgs-emulator /source/.build/release/fgs-python-worker /opt/fgs-emulator/bin/
COPY runtimes /opt/fgs-emulator/share/fgs-emulator/runtimes
ENV LD_LIBRARY_PATH=/usr/lib/fgs-emulator \
    PATH=/opt/fgs-emulator/bin:$PATH \
    FGS_EMULATOR_HOST=0.0.0.0 \
    FGS_EMULATOR_DATA_DIR=/data
USER fgs
VOLUME /data
EXPOSE 8380
HEALTHCHECK --interval=5s --start-period=2s CMD ["python3", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8380/_emulator/health')"]
ENTRYPOINT ["fgs-emulator"]
CMD ["serve"]
